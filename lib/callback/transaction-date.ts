const FORMAT = /^\d{14}$/;

/** Kenya has no daylight saving time. */
const NAIROBI_OFFSET_MS = 3 * 3_600_000;

/**
 * Daraja's `TransactionDate`: yyyyMMddHHmmss in Africa/Nairobi, as a number in every recorded callback,
 * accepted as a string too. Undefined for any other form, and for an instant that does not exist.
 */
export function parseTransactionDate(value: unknown): Date | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || !FORMAT.test(text)) return undefined;
  const part = (from: number, to: number) => text.slice(from, to);
  const [day, time] = [part(6, 8), `${part(8, 10)}:${part(10, 12)}:${part(12, 14)}`];
  const nairobi = new Date(`${part(0, 4)}-${part(4, 6)}-${day}T${time}.000Z`);
  // A day that does not exist, or its hour 24, is either refused by Date, or moved on to another day.
  if (nairobi.getUTCDate() !== Number(day)) return undefined;
  return new Date(nairobi.getTime() - NAIROBI_OFFSET_MS);
}
