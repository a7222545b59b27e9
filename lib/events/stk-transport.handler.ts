import { Logger } from '@nestjs/common';
import { STK_EVENTS } from '../attempts/events/stk-events.js';
import type { StkEvent } from '../attempts/events/stk-event.js';
import { describeError } from '../redaction/describe-error.js';
import type { EventTransport } from './event-transport.js';
import type { StkHandler } from './stk-handler.js';

/** A transport as a handler of all events: so it needs no bookkeeping of its own. */
export class StkTransportHandler implements StkHandler {
  readonly id: string;
  readonly types = STK_EVENTS.map(({ type }) => type);
  /**
   * A broker is away for as long as somebody works on it, and each parked event is work for somebody
   * else. Eight tries, a handler's, would be over in a minute.
   */
  readonly retries = { tries: 1_440, maxDelayMs: 60_000 };
  private readonly logger = new Logger('EventTransport');
  private failing = false;

  constructor(private readonly transport: EventTransport) {
    this.id = `transport:${transport.id}`;
  }

  /** Says once that the transport fails, and once that it does no longer: not for each event. */
  async handle(event: StkEvent): Promise<void> {
    try {
      await this.transport.publish(event);
    } catch (error) {
      if (!this.failing) {
        const reason = describeError(error);
        this.logger.error(
          `${this.transport.id} takes no events, they wait until it does: ${reason}`,
        );
      }
      this.failing = true;
      throw error;
    }
    if (this.failing) this.logger.log(`${this.transport.id} takes events again.`);
    this.failing = false;
  }
}
