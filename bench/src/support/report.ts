import { type Spread, withSpread } from './statistics.js';

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
  /** For the chart; absent where the figure is no ratio that has to reach something. */
  ratio?: Spread & { target: number };
}

/** A ratio that has to be at least so much, or at most. */
export function judgedRatio(
  measured: string,
  against: string,
  ratio: Spread,
  target: { atLeast: number } | { atMost: number },
): Figure {
  const isFloor = 'atLeast' in target;
  const limit = isFloor ? target.atLeast : target.atMost;
  return {
    measured,
    against,
    result: withSpread(ratio),
    toReach: `${isFloor ? '>=' : '<='} ${limit}`,
    reached: isFloor ? ratio.median >= limit : ratio.median <= limit,
    ratio: { ...ratio, target: limit },
  };
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
