import { EventTransport, MpesaError, toCloudEvent, type StkEvent } from '../../lib/index.js';
import type { EmulatorScenarioName } from '../../lib/testing.js';
import { aPush, testingApp } from '../support/testing-app.js';

/** Together they lead to an event of nearly each type. */
const SCENARIOS: EmulatorScenarioName[] = [
  'paid',
  'cancelled',
  'lost-callback',
  'late-callback',
  'late-success',
  'failure-then-success',
  'success-then-failure',
  'lost-response',
  'system-busy',
  'wrong-credentials',
];

class Recorder extends EventTransport {
  readonly id = 'recorder';
  readonly events: StkEvent[] = [];

  publish(event: StkEvent): Promise<void> {
    this.events.push(event);
    return Promise.resolve();
  }
}

describe('the option eventTransports', () => {
  const transport = new Recorder();
  let app: Awaited<ReturnType<typeof testingApp>>;

  beforeAll(async () => {
    app = await testingApp({
      emulator: { seed: 7 },
      http: { headersTimeoutMs: 300, bodyTimeoutMs: 300, totalTimeoutMs: 600 },
      eventTransports: [transport],
    });
    for (const [i, scenario] of SCENARIOS.entries()) {
      app.mpesa.emulator.next(scenario);
      // A phone has one prompt at a time.
      const phoneNumber = `0712 345 67${String(i)}`;
      await app.stk.push(aPush({ phoneNumber })).catch((error: unknown) => {
        if (!MpesaError.is(error)) throw error;
      });
    }
    await app.mpesa.settleAll();
    await app.mpesa.clock.advance(900_000);
    await app.mpesa.settleAll();
  }, 60_000);

  afterAll(() => app.close());

  it('gives a transport the very events that a handler of all is given, once each', () => {
    const ids = transport.events.map(({ id }) => id);
    expect([...ids].sort()).toEqual(app.ledger.events.map(({ id }) => id).sort());
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(transport.events.map(({ type }) => type))).toEqual(
      new Set([
        'stk.prompted',
        'stk.rejected',
        'stk.outcome-unknown',
        'stk.completed',
        'stk.completed-late',
        'stk.receipt-received',
        'stk.failed',
        'stk.expired',
        'stk.needs-review',
      ]),
    );
  });

  it('sends on no phone number, no CheckoutRequestID and no secret of a callback', () => {
    const sent = transport.events.map((event) => JSON.stringify(toCloudEvent(event))).join('\n');
    const callbackTokens = app.mpesa.emulator.received
      .map(({ body }) => /stk\/callback\/([\w-]{43})/.exec(JSON.stringify(body))?.[1])
      .filter((token) => token !== undefined);
    expect(callbackTokens.length).toBeGreaterThanOrEqual(SCENARIOS.length);
    for (const secret of ['7123456', 'ws_CO_', ...callbackTokens])
      expect(sent).not.toContain(secret);
  });
});
