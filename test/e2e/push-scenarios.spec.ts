import { MpesaError, type StkAttempt } from '../../lib/index.js';
import { EMULATOR_SCENARIOS, type EmulatorScenarioName } from '../../lib/testing.js';
import { aPush, testingApp } from '../support/testing-app.js';

/** What comes of a push: what the caller sees at once, and what there is when all callbacks are in. */
interface Expected {
  /** The status that `push()` resolves with, or the code of its error. */
  push: string;
  then: string;
  events: string[];
  /** Pushes that the emulator saw; 1 unless said. */
  sent?: number;
}

const PAID_EVENTS = ['prompted', 'completed'];
const paid: Expected = { push: 'pending', then: 'completed', events: PAID_EVENTS };
const failed: Expected = { push: 'pending', then: 'failed', events: ['prompted', 'failed'] };
const waits: Expected = { push: 'pending', then: 'pending', events: ['prompted'] };
const unknown: Expected = { push: 'uncertain', then: 'uncertain', events: ['outcome-unknown'] };
const rejected = (push: string): Expected => ({ push, then: 'rejected', events: ['rejected'] });
const unknownButPaid: Expected = {
  push: 'uncertain',
  then: 'completed',
  events: ['outcome-unknown', 'completed'],
};

const EXPECTED: Record<EmulatorScenarioName, Expected> = {
  rings: waits,
  paid,
  cancelled: failed,
  'wrong-pin': failed,
  'pin-locked': failed,
  'no-funds': failed,
  unreachable: failed,
  expired: waits,
  'rule-limited': failed,
  'lost-callback': waits,
  'late-callback': waits,
  'late-success': waits,
  duplicated: paid,
  'duplicated-at-once': paid,
  reordered: waits,
  'failure-then-success': {
    push: 'pending',
    then: 'completed',
    events: ['prompted', 'failed', 'completed-late', 'needs-review:callback-conflict'],
  },
  'success-then-failure': {
    push: 'pending',
    then: 'completed',
    events: [...PAID_EVENTS, 'needs-review:callback-conflict'],
  },
  // The callback waits in the inbox until our own response is in, and is applied with it.
  'callback-before-response': { ...paid, push: 'completed' },
  'lost-response': unknownButPaid,
  'reset-before-body': unknown,
  'reset-after-body': unknownButPaid,
  'cut-response': unknownButPaid,
  'stalled-response': unknownButPaid,
  slow: unknown,
  'wrong-credentials': rejected('STK_REJECTED'),
  'merchant-does-not-exist': rejected('STK_REJECTED'),
  'subscriber-locked': rejected('STK_REJECTED'),
  'unexplained-error': unknownButPaid,
  'system-busy': unknown,
  'spike-arrest': rejected('DARAJA_THROTTLED'),
  'spike-arrest-500': rejected('DARAJA_THROTTLED'),
  'quota-violation': rejected('STK_REJECTED'),
  'internal-error': unknown,
  'internal-error-but-paid': unknownButPaid,
  'no-product': rejected('DARAJA_AUTH'),
  'soap-fault': unknown,
  'html-200': unknown,
  'html-403': unknown,
  'html-502': unknown,
  'html-503': unknown,
  'empty-body': unknown,
  'token-revoked': { ...waits, sent: 2 },
  'string-success-code': paid,
  'string-result-code': failed,
  'lettered-result-code': failed,
  'unknown-result-code': waits,
  'balance-empty': paid,
  'balance-number': paid,
  'balance-text': paid,
  'masked-phone': paid,
  'absent-phone': paid,
  'query-pending-variants': waits,
  'query-flaky': waits,
  'query-throttled': waits,
  'query-contradicts-success': paid,
  'query-contradicts-failure': failed,
};

describe.each(Object.keys(EMULATOR_SCENARIOS) as EmulatorScenarioName[])('%s', (name) => {
  it('comes to what it must', async () => {
    const { mpesa, stk, ledger, close } = await testingApp({
      emulator: { seed: 7 },
      http: { headersTimeoutMs: 300, bodyTimeoutMs: 300, totalTimeoutMs: 600 },
    });
    try {
      const expected = EXPECTED[name];
      mpesa.emulator.next(name);
      if (name === 'no-product') mpesa.emulator.next(name);
      const input = aPush();

      const { attempt, seen } = await stk.push(input).then(
        (resolved) => ({ attempt: resolved, seen: resolved.status }),
        (error: unknown) => {
          if (!MpesaError.is(error)) throw error;
          return { attempt: error.attempt as StkAttempt, seen: error.code };
        },
      );
      await mpesa.settleAll();

      const settled = await stk.find(attempt.id);
      // The callback of a customer who answers at once may be faster than the caller.
      expect([expected.push, expected.then]).toContain(seen);
      expect({ then: settled?.status, events: ledger.of(attempt.id) }).toEqual({
        then: expected.then,
        events: expected.events,
      });
      const pushes = mpesa.emulator.received.filter(({ path }) => path.includes('processrequest'));
      expect(pushes).toHaveLength(expected.sent ?? (name === 'no-product' ? 2 : 1));
    } finally {
      await close();
    }
  });
});
