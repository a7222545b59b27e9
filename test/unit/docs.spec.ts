import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { namesIn, tableOf } from '../support/markdown.js';
import { TypeScriptProgram } from '../support/typescript-program.js';

const read = (name: string): string => readFileSync(join('docs', name), 'utf8');

describe('the table of faults', () => {
  const rows = tableOf(read('fault-matrix.md'), 'row');

  it('has each row once, in order, with a test or a reason', () => {
    expect(rows.map((row) => Number(row.row))).toEqual(
      Array.from({ length: rows.length }, (_, i) => i + 1),
    );
    expect(rows).toHaveLength(56);
    expect(rows.filter((row) => row['shown by']!.length < 20)).toEqual([]);
  });

  it('names tests that there are', () => {
    const missing = rows.flatMap((row) =>
      [...row['shown by']!.matchAll(/\[([^\]]+)\]\(([^)]+)\)/g)]
        .filter(([, title, file]) => !readFileSync(join('docs', file!), 'utf8').includes(title!))
        .map(([link]) => `row ${row.row!}: ${link}`),
    );
    expect(missing).toEqual([]);
  });
});

it('the operations guide tells what to do about each flag, and no other', () => {
  const program = new TypeScriptProgram(new Map(), ['lib/index.ts']);
  const shown = tableOf(read('operations.md'), 'flag').map((row) => namesIn(row.flag!)[0]);
  expect([...shown].sort()).toEqual(
    program.namesOf('lib/attempts/review-flag.ts', 'StkReviewFlag').sort(),
  );
});
