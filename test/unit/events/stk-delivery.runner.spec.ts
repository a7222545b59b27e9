import { jest } from '@jest/globals';
import { Injectable } from '@nestjs/common';
import type { EventDelivery } from '../../../lib/attempts/event-delivery.js';
import { StkDeliveryRunner } from '../../../lib/events/stk-delivery.runner.js';
import { OnStkEvent, StkCompleted, type StkEvent } from '../../../lib/index.js';
import { MpesaTelemetry } from '../../../lib/telemetry/mpesa-telemetry.js';
import { commitEvent, startEventsApp, type EventsApp } from './events-app.js';

@Injectable()
class Checkout {
  @OnStkEvent(StkCompleted)
  paid(): void {
    // What the store is told of it is looked at.
  }
}

describe('a delivery', () => {
  let app: EventsApp;
  let acknowledged: unknown[];

  beforeEach(async () => {
    app = await startEventsApp({
      providers: [Checkout],
      settings: { background: false, tries: 3, firstDelayMs: 1_000 },
    });
    acknowledged = [];
    jest.spyOn(app.store, 'acknowledge').mockImplementation((_delivery, outcome) => {
      acknowledged.push(outcome);
      return Promise.resolve(true);
    });
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await app.module.close();
  });

  /** Runs a try of a handler that does this. */
  async function run(handle: () => unknown, change: Partial<EventDelivery> = {}) {
    const event = await commitEvent(app.store);
    const delivery = { event, handler: 'Shop.paid', tries: 1, traceparent: null, fence: 1 };
    const handler = {
      id: 'Shop.paid',
      types: [StkCompleted.type],
      handle: async () => {
        await handle();
      },
    };
    await app.module.get(StkDeliveryRunner).run({ ...delivery, ...change }, handler);
    return event;
  }

  const fail = () => {
    throw new Error('no answer from the shop');
  };

  it('is done where its handler is', async () => {
    await run(() => undefined);
    expect(acknowledged).toEqual([{ done: true }]);
  });

  it('comes again where the handler failed, and is parked with the reason at the last try', async () => {
    await run(fail, { tries: 2 });
    await run(fail, { tries: 3 });
    expect(acknowledged).toEqual([
      { retryAfterMs: expect.any(Number) as number },
      { dead: 'Error: no answer from the shop' },
    ]);
  });

  it('is parked without its handler where the last try never ended', async () => {
    const handle = jest.fn();
    await run(handle, { tries: 4 });
    expect(handle).not.toHaveBeenCalled();
    expect(acknowledged).toEqual([{ dead: 'The last try never ended' }]);
  });

  it('continues the trace of its attempt, and measures how long its handler took', async () => {
    const telemetry = app.module.get(MpesaTelemetry);
    const span = jest.spyOn(telemetry, 'span');
    const measure = jest.spyOn(telemetry, 'measure');
    jest
      .spyOn(performance, 'now')
      .mockReturnValueOnce(10_000)
      .mockReturnValueOnce(12_500)
      .mockReturnValueOnce(20_000)
      .mockReturnValueOnce(20_250);
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const done = await run(() => undefined, { traceparent });
    const failed = await run(fail, { tries: 2 });

    const told = { 'mpesa.handler': 'Shop.paid', 'mpesa.event.type': 'stk.completed' };
    const spanOf = ({ id, attemptId }: StkEvent, tries: number, continues: string | null) => ({
      name: 'stk.handler Shop.paid',
      kind: 'consumer',
      continues,
      attributes: {
        ...told,
        'mpesa.attempt.id': attemptId,
        'mpesa.event.id': id,
        'mpesa.try': tries,
      },
    });
    expect(span.mock.calls.map(([about]) => about)).toEqual([
      spanOf(done, 1, traceparent),
      spanOf(failed, 2, null),
    ]);
    expect(measure.mock.calls).toEqual([
      ['mpesa.handler.duration', 2.5, { ...told, 'mpesa.outcome': 'done' }],
      ['mpesa.handler.duration', 0.25, { ...told, 'mpesa.outcome': 'failed' }],
    ]);
  });
});
