/** One measured figure. */
export interface Figure {
  measured: string;
  /** What it is compared with; empty for a figure that stands alone. */
  against: string;
  result: string;
  /** What it has to reach; empty where it is only reported. */
  toReach: string;
  /** Whether it does; null where it is only reported. */
  reached: boolean | null;
}

export const judged = (figure: Omit<Figure, 'reached'>, reached: boolean): Figure => ({
  ...figure,
  reached,
});

export const reported = (measured: string, against: string, result: string): Figure => ({
  measured,
  against,
  result,
  toReach: '',
  reached: null,
});

const HEADER = ['measured', 'against', 'result (spread)', 'to reach', ''];

/** A table in Markdown, its columns aligned. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map(({ measured, against, result, toReach, reached }) => [
    measured,
    against,
    result,
    toReach,
    reached === null ? '' : reached ? 'reached' : 'MISSED',
  ]);
  const widths = HEADER.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0), 3),
  );
  const line = (cells: string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = widths.map((width) => '-'.repeat(width));
  return [HEADER, rule, ...rows].map(line).join('\n');
}
