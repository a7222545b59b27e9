/** What one look of the doctor's brought. */
export interface Finding {
  /** What was looked at. */
  check: string;
  level: 'ok' | 'warn' | 'fail';
  what: string;
  /** What to do; null where nothing is to be done. */
  todo: string | null;
}

/** Findings of one check. */
export const findingsOf = (check: string) => ({
  ok: (what: string): Finding => ({ check, level: 'ok', what, todo: null }),
  warn: (what: string, todo: string): Finding => ({ check, level: 'warn', what, todo }),
  fail: (what: string, todo: string): Finding => ({ check, level: 'fail', what, todo }),
});
