import type { StkHistoryEntry } from '../../../lib/index.js';
import { historyLine } from '../../../sample/checkout/src/payments/payment-history.js';

const at = new Date('2026-11-24T12:00:00Z');

const line = (fields: Partial<StkHistoryEntry>) =>
  historyLine({
    at,
    kind: 'callback',
    from: 'pending',
    to: 'pending',
    detail: {},
    callback: null,
    ...fields,
  });

describe("the checkout sample's history of a payment", () => {
  it.each([
    [{ kind: 'push-accepted', from: 'sending' }, 'The phone is asked.'],
    [
      {
        kind: 'push-refused',
        from: 'sending',
        to: 'rejected',
        detail: { errorMessage: 'Merchant does not exist', errorCode: null },
      },
      'No phone was asked. (Merchant does not exist)',
    ],
    [
      { kind: 'push-unknown', from: 'sending', to: 'uncertain', detail: { cause: 'ECONNRESET' } },
      'The phone may have been asked; no answer from M-Pesa. (ECONNRESET)',
    ],
    [{ to: 'completed', detail: { receipt: 'UKO1' } }, 'Paid, receipt UKO1, told by the callback.'],
    [
      { kind: 'query', from: 'expired', to: 'completed' },
      'Paid, receipt to follow, told by the query; it was expired.',
    ],
    [{ from: 'completed', to: 'completed', detail: { receipt: 'UKO1' } }, 'The receipt is UKO1.'],
    [{ kind: 'deadline', to: 'expired' }, 'No word from M-Pesa in time. Still watched.'],
    [
      { callback: 'quarantined', detail: { receipt: 'UKO9' } },
      'A callback that does not fit was set aside.',
    ],
    [
      { callback: 'deferred', from: 'sending', to: 'sending' },
      'A callback came before the answer to our push.',
    ],
    [{ kind: 'query', detail: { resultCode: null } }, 'M-Pesa was asked, and did not know yet.'],
    [{ kind: 'push-accepted' }, 'Noted, and nothing changed (push-accepted).'],
  ] as [Partial<StkHistoryEntry>, string][])('says of %j: %s', (fields, text) => {
    expect(line(fields)).toMatchObject({ at, text });
  });

  it('says what the customer reads of a failure, in both languages', () => {
    const { tone, text, textSw } = line({ to: 'failed', detail: { resultCode: '1032' } });
    expect(tone).toBe('bad');
    expect(text).toMatch(/^Not paid: cancelled\. The customer reads: \w/);
    expect(textSw).not.toBe('');
  });
});
