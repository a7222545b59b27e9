import { runInNewContext } from 'node:vm';
import { EMPTY, firstValueFrom } from 'rxjs';
import { describeError, stackOf } from '../../../lib/redaction/describe-error.js';

describe('describeError', () => {
  it('gives name and message of an error, of another realm and of RxJS too', async () => {
    expect(describeError(new TypeError('x is not a function'))).toBe(
      'TypeError: x is not a function',
    );
    expect(await firstValueFrom(EMPTY).catch(describeError)).toBe(
      'EmptyError: no elements in sequence',
    );
    expect(describeError(runInNewContext('new RangeError("elsewhere")'))).toBe(
      'RangeError: elsewhere',
    );
  });

  it('shows nothing of a thrown value that is no error', () => {
    const thrown = ['0712345678', { message: 'secret' }, undefined, null, 5];
    expect(thrown.map(describeError)).toEqual([
      'a thrown string',
      'a thrown object',
      'a thrown undefined',
      'a thrown object',
      'a thrown number',
    ]);
  });
});

describe('an error that says too much', () => {
  const token = 'kQ3nZ8vB1xC5mW7rT2yU9pL4aS6dF0gH-jK_eR8tYuI';
  const error = new Error(
    `postgres://shop:hunter2@db refused 254712345678 (Bearer ${token})\n    at Forged.frame (/x.js:1:2)`,
  );

  it('is told in one line, without secrets and numbers', () => {
    expect(describeError(error)).toBe(
      'Error: postgres://***@db refused *** (Bearer ***) at Forged.frame (/x.js:1:2)',
    );
  });

  it('keeps its own frames, and none that its message makes up', () => {
    const lines = stackOf(error)!.split('\n');
    expect(lines[0]).toBe(describeError(error));
    expect(lines.slice(1).join()).toContain('describe-error.spec');
    expect(lines.slice(1).join()).not.toContain('Forged');
  });
});

describe('stackOf', () => {
  it('is where an error was made, and nothing for other values', () => {
    expect(stackOf(new Error('here'))).toContain('describe-error.spec');
    expect(stackOf('text')).toBeUndefined();
  });
});
