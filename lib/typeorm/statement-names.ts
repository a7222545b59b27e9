import { createHash } from 'node:crypto';
import { Logger } from '@nestjs/common';

/** A connection keeps each by its name until it is closed. */
const MOST = 50;

/**
 * Names by which statements that are sent again and again are prepared: once on a connection, instead
 * of being planned each time. The same text has the same name in every process, so that a pooler may
 * hand connections around.
 */
export class StatementNames {
  private readonly logger = new Logger('MpesaStore');
  private readonly names = new Map<string, string>();
  private isOff = false;

  /** Null where the statement is to be sent without a name. */
  nameOf(text: string): string | null {
    if (this.isOff) return null;
    const known = this.names.get(text);
    if (known !== undefined) return known;
    if (this.names.size === MOST) return null;
    const name = `mpesa_${createHash('sha256').update(text).digest('hex').slice(0, 24)}`;
    this.names.set(text, name);
    return name;
  }

  /** For poolers that hand out another connection with each transaction, and prepare nothing on it. */
  turnOff(): void {
    if (this.isOff) return;
    this.isOff = true;
    this.logger.warn(
      'The database, or a pooler before it, does not keep prepared statements: they are sent unprepared, which costs more.',
    );
  }
}
