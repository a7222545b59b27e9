import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import * as index from '../../lib/index.js';
import * as microservices from '../../lib/microservices.js';
import * as opentelemetry from '../../lib/opentelemetry.js';
import * as redis from '../../lib/redis.js';
import * as terminus from '../../lib/terminus.js';
import * as testing from '../../lib/testing.js';
import * as typeorm from '../../lib/typeorm.js';
import { everyError, PAYER } from '../support/every-error.js';
import { tableOf } from '../support/markdown.js';

interface PackageJson {
  name: string;
  files: string[];
}

const errors = everyError();
const page = readFileSync('docs/codes.md', 'utf8');
const rows = tableOf(readFileSync('README.md', 'utf8'), 'error');

/** What stands of a code on the page that explains them, from its anchor to the next. */
const sectionOf = (code: string): string | undefined =>
  page.split(/^<a id="/m).find((section) => section.startsWith(`${code}"></a>`));

describe('the errors of the package', () => {
  it('are all looked at here, whichever entry exports them', () => {
    const entries = { index, microservices, opentelemetry, redis, terminus, testing, typeorm };
    const classes = Object.values<object>(entries)
      .flatMap((entry) => Object.values<unknown>({ ...entry }))
      .filter((one): one is { name: string; prototype: unknown } => typeof one === 'function')
      .filter(({ prototype }) => prototype instanceof index.MpesaError)
      .map(({ name }) => name);
    expect([...new Set(classes)].sort()).toEqual(errors.map(({ name }) => name).sort());
  });

  it('have a code each, and no two the same', () => {
    const codes = errors.map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
    expect(codes.filter((code) => !/^[A-Z]+(_[A-Z]+)+$/.test(code))).toEqual([]);
  });

  it.each(errors.map((error) => [error.code, error] as const))(
    '%s says what happened and what to do, in its message or where its code leads',
    (code, error) => {
      expect(error.message.length).toBeGreaterThan(20);
      const { 'what happened': happened, 'what to do': todo } = rows.find(
        (row) => row.code === `\`${code}\``,
      )!;
      expect(happened).toMatch(/^[`a-z].{15,}[^.]$/i);
      expect(todo).toMatch(/^[a-z].{15,}[^.]$/);
      expect(sectionOf(code)).toContain(`What to do: ${todo}.`);
    },
  );

  it.each(errors.map((error) => [error.code, error] as const))(
    '%s leads to its section of a page that the package brings',
    (code, error) => {
      const [path, anchor] = error.docs.split('#');
      const { name, files } = JSON.parse(readFileSync('package.json', 'utf8')) as PackageJson;
      const inPackage = path!.slice(`${name}/`.length);
      expect(path).toBe(`${name}/${inPackage}`);
      expect(files).toContain(inPackage);
      expect(readFileSync(inPackage, 'utf8')).toContain(`<a id="${anchor}"></a>`);
      expect(anchor).toBe(code);
      expect(inspect(error)).toContain(error.docs);
    },
  );

  it.each(errors.map((error) => [error.code, error] as const))(
    '%s shows no whole phone number',
    (_code, error) => {
      const shown = error.message + JSON.stringify(error) + inspect(error, { depth: 9 });
      expect(shown).not.toContain(PAYER);
      expect(shown).not.toContain(PAYER.slice(3));
    },
  );
});

// Those of the others are in their own classes; a refusal is made of what Daraja says.
describe('the message of a refusal', () => {
  const refusal = {
    errorCode: '400.002.02',
    errorMessage: 'Bad Request - Invalid PhoneNumber.',
    requestId: null,
    retryAfterMs: null,
  };
  const messageOf = (change: Partial<Record<keyof typeof refusal, unknown>>) =>
    new index.StkRejectedError({ ...refusal, ...change } as never).message;

  it('leads to what explains the code', () => {
    expect(messageOf({})).toBe(
      'Daraja refused the push: 400.002.02 Bad Request - Invalid PhoneNumber. No phone was asked. ' +
        'It is refused again until that is put right (npx nestjs-mpesa decode 400.002.02 explains it).',
    );
  });

  it('says when to try again where that is known', () => {
    expect(messageOf({ retryAfterMs: 60_000 })).toMatch(/Try again after 60 s\.$/);
  });

  it('says so where Daraja gave no reason', () => {
    expect(messageOf({ errorCode: null, errorMessage: '' })).toBe(
      'Daraja refused the push: it says not why. No phone was asked. It is refused again until that is put right.',
    );
  });
});
