import { Logger } from '@nestjs/common';

/** What one process keeps of forgeries in a minute: whoever sends them must not fill the disk. */
const A_MINUTE = 60;
const MINUTE_MS = 60_000;

/** Counts what is quarantined, and says once a minute that the rest is not kept. */
export class QuarantineLimit {
  private readonly logger = new Logger('MpesaStore');
  private since = -Infinity;
  private count = 0;

  /** Whether one more may be kept. */
  takes(): boolean {
    const now = performance.now();
    if (now - this.since > MINUTE_MS) {
      this.since = now;
      this.count = 0;
    }
    this.count += 1;
    if (this.count === A_MINUTE + 1) {
      this.logger.warn(
        `More than ${A_MINUTE} callbacks quarantined in a minute: the rest is not kept.`,
      );
    }
    return this.count <= A_MINUTE;
  }
}
