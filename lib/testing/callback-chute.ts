import { parseStkCallback } from '../callback/parse-stk-callback.js';
import type { StkCallbackService } from '../callback/stk-callback.service.js';
import type { CallbackDelivery } from './emulator/emulator-delivery.js';

/** Takes the emulator's callbacks to the module in the same process, unless they are to be lost. */
export class CallbackChute {
  private readonly lost = new Set<string>();
  private callbacks: StkCallbackService | undefined;

  leadTo(callbacks: StkCallbackService): void {
    this.callbacks = callbacks;
  }

  lose(checkoutRequestId: string): void {
    this.lost.add(checkoutRequestId);
  }

  async deliver({ url, body }: CallbackDelivery): Promise<unknown> {
    const parsed: unknown = JSON.parse(body);
    const { checkoutRequestId } = parseStkCallback(parsed);
    if (this.lost.has(checkoutRequestId)) throw new Error('Lost on purpose');
    const token = new URL(url).pathname.split('/').pop() ?? '';
    return this.callbacks?.receive({ token, body: parsed, rawBody: Buffer.from(body) });
  }
}
