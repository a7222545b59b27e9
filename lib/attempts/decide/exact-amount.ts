/**
 * Whether what a callback says was paid is exactly what was asked for: the number itself, or a decimal
 * string of it (`"100"`, `"100.00"`). Compared as text, so that no digit is lost.
 */
export function isExactAmount(received: number | string, asked: number): boolean {
  if (typeof received === 'number') return received === asked;
  const match = /^(\d+)(?:\.0+)?$/.exec(received);
  return match?.[1] === String(asked);
}
