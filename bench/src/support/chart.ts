import type { Figure } from './report.js';
import { digits } from './statistics.js';

const ROW = 34;
const LABELS = 400;
const BARS = 380;
const WIDTH = LABELS + BARS + 80;

/**
 * The ratios that have to reach something, as an SVG: a bar to the median, a line from the smallest round
 * to the largest, and a mark at what is to be reached. Each row has a scale of its own, with its mark in
 * the middle, as some have to be small and others large.
 */
export function chart(figures: readonly Figure[]): string {
  const rows = figures.flatMap(({ measured, ratio, toReach, reached }) =>
    ratio ? [{ measured, ratio, toReach, reached }] : [],
  );
  const height = ROW * rows.length + 10;
  const drawn = rows.map(({ measured, ratio, toReach, reached }, n) => {
    const y = ROW * n + 5;
    const x = (value: number) => LABELS + Math.min(BARS, (BARS / 2 / ratio.target) * value);
    const color = reached === false ? '#b3261e' : '#0a7a3d';
    return [
      `<text x="${LABELS - 8}" y="${y + 19}" text-anchor="end">${escape(measured)}</text>`,
      `<rect x="${LABELS}" y="${y + 6}" width="${x(ratio.median) - LABELS}" height="18" fill="${color}" opacity="0.75"/>`,
      `<line x1="${x(ratio.min)}" x2="${x(ratio.max)}" y1="${y + 15}" y2="${y + 15}" stroke="currentColor" stroke-width="2"/>`,
      `<line x1="${x(ratio.target)}" x2="${x(ratio.target)}" y1="${y + 1}" y2="${y + 29}" stroke="currentColor" stroke-dasharray="3 2"/>`,
      `<text x="${LABELS + BARS + 6}" y="${y + 19}">${digits(ratio.median)} <tspan opacity="0.7">(${escape(toReach)})</tspan></text>`,
    ].join('\n');
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="Measured ratios against what they have to reach" font-family="system-ui, sans-serif" font-size="13" fill="currentColor" color="#56645b">
${drawn.join('\n')}
</svg>
`;
}

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
