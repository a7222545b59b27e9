const EAST_AFRICA_TIME_MS = 3 * 60 * 60 * 1000;

/**
 * An instant as Daraja writes time: `yyyyMMddHHmmss` on the clocks of Nairobi, which are three hours
 * ahead of UTC all year. The time zone of the host plays no part.
 * @param instant ms since 1970, in the years 0 to 9999
 */
export function nairobiTimestamp(instant: number): string {
  return new Date(instant + EAST_AFRICA_TIME_MS).toISOString().slice(0, 19).replace(/[-T:]/g, '');
}
