import { runInNewContext } from 'node:vm';
import { EMPTY, firstValueFrom } from 'rxjs';
import { describeError, stackOf } from '../../../lib/events/describe-error.js';

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

describe('stackOf', () => {
  it('is where an error was made, and nothing for other values', () => {
    expect(stackOf(new Error('here'))).toContain('describe-error.spec');
    expect(stackOf('text')).toBeUndefined();
  });
});
