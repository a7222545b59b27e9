const EAST_AFRICA_MS = 3 * 60 * 60 * 1000;

/** The parts of an instant on the wall in Nairobi (UTC+3 the whole year), two digits each. */
export interface NairobiTime {
  year: string;
  month: string;
  day: string;
  hour: string;
  minute: string;
  second: string;
  /** Three digits. */
  millisecond: string;
}

export const nairobiTime = (instant: number): NairobiTime => {
  const iso = new Date(instant + EAST_AFRICA_MS).toISOString();
  return {
    year: iso.slice(0, 4),
    month: iso.slice(5, 7),
    day: iso.slice(8, 10),
    hour: iso.slice(11, 13),
    minute: iso.slice(14, 16),
    second: iso.slice(17, 19),
    millisecond: iso.slice(20, 23),
  };
};

/** `yyyyMMddHHmmss`, as in `TransactionDate` and `Timestamp`. */
export const nairobiStamp = (instant: number): string => {
  const { year, month, day, hour, minute, second } = nairobiTime(instant);
  return year + month + day + hour + minute + second;
};
