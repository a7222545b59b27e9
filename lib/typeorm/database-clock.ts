/** The database's clock, by what it last said and the time since then: behind it by the answer's way. */
export class DatabaseClock {
  private aheadMs: number | null = null;

  /** A time that the database has just given. */
  heard(now: Date): void {
    this.aheadMs = now.getTime() - performance.now();
  }

  /** Null where it was never heard. */
  get now(): Date | null {
    return this.aheadMs === null ? null : new Date(Math.round(performance.now() + this.aheadMs));
  }
}
