import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';

/** Inputs of one fuzzed function; all of them together are about 100,000 by default. */
const SHARE = Math.ceil(Number(process.env.MPESA_TEST_FUZZ_INPUTS ?? 100_000) / 5);

/** Of the whole run, so that it can be repeated: `MPESA_TEST_SEED=…`. */
export const SEED = Number(process.env.MPESA_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));

const MIB = 1024 * 1024;

/** What is in use after a collection. */
function heapKept(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

/** Has `check` look at so many inputs; prints the seed, and fails where the heap has grown with them. */
export async function fuzz<T>(
  name: string,
  inputs: fc.Arbitrary<T>,
  check: (input: T) => void | Promise<void>,
): Promise<void> {
  process.stdout.write(`${name}: ${SHARE} inputs, seed ${SEED}\n`);
  const heaps: number[] = [];
  let seen = 0;
  await fc.assert(
    fc.asyncProperty(inputs, async (input) => {
      await check(input);
      seen += 1;
      // What the first tenth has warmed up is no growth.
      if (seen === Math.ceil(SHARE / 10) || seen === SHARE) heaps.push(heapKept());
    }),
    { numRuns: SHARE, seed: SEED, endOnFailure: true },
  );
  expect(seen).toBe(SHARE);
  expect(heaps.at(-1)! - heaps[0]!).toBeLessThan(64 * MIB);
}

/** A text with some characters cut out, doubled, or replaced by those that matter to a parser. */
export const mutated = (texts: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.constantFrom(...texts),
      fc.array(fc.tuple(fc.nat(), fc.nat(12), fc.constantFrom(...FRAGMENTS)), { maxLength: 4 }),
    )
    .map(([text, edits]) =>
      edits.reduce((current, [place, cut, put]) => {
        const at = place % (current.length + 1);
        return current.slice(0, at) + put + current.slice(at + cut);
      }, text),
    );

const FRAGMENTS = [
  '',
  '',
  '',
  '"',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '\\',
  '\\u0000',
  '\\ud800',
  '\u0000',
  '\ufeff',
  ' ',
  '\n',
  '0',
  '1',
  '-',
  '.',
  'e9',
  '1e308',
  '1032',
  'null',
  'true',
  '{}',
  '[]',
  '""',
  '"__proto__":1,',
  '"ResultCode":0,',
  '"Amount"',
  '100',
  '254',
  '+',
  '000',
  '<html>',
  'errorCode',
  '500.001.1001',
  '401.002.01',
  '0',
  '€',
  '𝄞',
];
