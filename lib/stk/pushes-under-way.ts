import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';

/**
 * The pushes of this process. One that no HTTP request waits for, of a queue's worker or a script,
 * would otherwise lose its database between its prompt and its CheckoutRequestID at shutdown: then
 * Daraja could not be asked about it.
 */
@Injectable()
export class PushesUnderWay implements BeforeApplicationShutdown {
  private readonly pushes = new Set<Promise<unknown>>();

  async keep<T>(push: Promise<T>): Promise<T> {
    this.pushes.add(push);
    try {
      return await push;
    } finally {
      this.pushes.delete(push);
    }
  }

  /** Each has time-outs of its own. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.allSettled(this.pushes);
  }
}
