import { readFile, writeFile } from 'node:fs/promises';
import { chart } from './chart.js';
import { type Figure, table } from './report.js';

const page = new URL('../../../docs/performance.md', import.meta.url);

/** Puts a section's results, and the machine that they are of, in their place on the page. */
export async function writeResults(
  section: string,
  machine: string,
  figures: readonly Figure[],
): Promise<void> {
  const begin = `<!-- measured: ${section} -->`;
  const end = `<!-- end: ${section} -->`;
  const text = await readFile(page, 'utf8');
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) {
    throw new Error(`docs/performance.md has no place for ${section}`);
  }
  const hasChart = figures.some(({ ratio }) => ratio);
  if (hasChart) {
    await writeFile(new URL(`performance-${section}.svg`, page), chart(figures));
  }
  const picture = hasChart ? `![The ratios of the table](performance-${section}.svg)\n\n` : '';
  const results = `${begin}\n\n${picture}${table(figures)}\n\n${machine}\n\n${end}`;
  await writeFile(page, `${before}${results}${after}`);
}
