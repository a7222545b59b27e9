/** The middle of the values, and how far they lie apart. */
export interface Spread {
  median: number;
  min: number;
  max: number;
}

/** @param values not empty */
export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share))] ?? NaN;
  const half = (sorted.length - 1) / 2;
  const median = (at(Math.floor(half)) + at(Math.ceil(half))) / 2;
  return { median, min: at(0), max: at(sorted.length - 1) };
}

/** The value that `share` (0 to 1) of the values do not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? NaN;
}

/** Three significant digits: `0.713`, `1.06`, `12.4`, `1,870`. */
export const digits = (value: number): string =>
  value.toLocaleString('en', { maximumSignificantDigits: 3 });

/** `0.71 (0.66 to 0.78)` */
export const withSpread = ({ median, min, max }: Spread): string =>
  `${digits(median)} (${digits(min)} to ${digits(max)})`;
