import type { Provider } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { MpesaTestingModule, type MpesaTestingOptions } from '../../lib/testing.js';
import { OnStkEvent, StkService, type StkEvent, type StkPushInput } from '../../lib/index.js';
import { STK_EVENTS } from '../../lib/attempts/events/stk-events.js';
import type { StkEventClass } from '../../lib/attempts/events/stk-event.js';

/** An application's handler that remembers what it was told. */
export class Ledger {
  readonly events: StkEvent[] = [];

  @OnStkEvent(...(STK_EVENTS as [StkEventClass, ...StkEventClass[]]))
  record(event: StkEvent): void {
    this.events.push(event);
  }

  /** `completed`, `needs-review:amount-mismatch` and the like, of one attempt. */
  of(attemptId: string): string[] {
    return this.events
      .filter((event) => event.attemptId === attemptId)
      .map((event) => event.id.slice(attemptId.length + ':stk.'.length));
  }
}

/** The module over the emulator in this process, time standing still. */
export async function testingApp(options: MpesaTestingOptions = {}, providers: Provider[] = []) {
  const app = await Test.createTestingModule({
    imports: [MpesaTestingModule.forRoot(options)],
    providers: [Ledger, ...providers],
  }).compile();
  app.useLogger(false);
  await app.init();
  return {
    app,
    mpesa: app.get(MpesaTestingModule),
    stk: app.get(StkService, { strict: false }),
    ledger: app.get(Ledger),
    close: () => app.close(),
  };
}

let orders = 0;

/** A valid push of a new order. */
export function aPush(change: Partial<StkPushInput> = {}): StkPushInput {
  orders += 1;
  return {
    phoneNumber: '0712 345 678',
    amount: 100,
    accountReference: 'INV-001',
    transactionDesc: 'Subscription',
    orderId: `order-${orders}`,
    ...change,
  };
}
