const FORMAT = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/;

/** Kenya has no daylight saving time. */
const NAIROBI_OFFSET_MS = 3 * 3_600_000;

/**
 * Daraja's `TransactionDate`: yyyyMMddHHmmss in Africa/Nairobi, as a number in every recorded callback,
 * accepted as a string too. Undefined for any other form, and for an instant that does not exist.
 */
export function parseTransactionDate(value: unknown): Date | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string') return undefined;
  const iso = text.replace(FORMAT, '$1-$2-$3T$4:$5:$6.000Z');
  const nairobi = new Date(iso === text ? NaN : iso);
  // A day that does not exist is either refused by Date, or moved on to the next month.
  if (Number.isNaN(nairobi.getTime()) || nairobi.toISOString() !== iso) return undefined;
  return new Date(nairobi.getTime() - NAIROBI_OFFSET_MS);
}
