import type { StkAttempt } from '../../../lib/index.js';
import { customerWords } from '../../../sample/checkout/src/payments/customer-words.js';

const attempt = (fields: Partial<StkAttempt>): StkAttempt =>
  ({ review: [], resultCode: null, reason: null, ...fields }) as StkAttempt;

describe("the checkout sample's words for the customer", () => {
  it.each([
    { fields: { status: 'pending' }, tone: 'waiting' },
    { fields: { status: 'uncertain' }, tone: 'unknown' },
    { fields: { status: 'expired' }, tone: 'unknown' },
    { fields: { status: 'completed' }, tone: 'paid' },
    {
      fields: {
        status: 'failed',
        resultCode: '1032',
        reason: 'cancelled',
        review: ['query-conflict'],
      },
      tone: 'unknown',
    },
  ] as const)('offers no second payment: $fields.status, $tone', ({ fields, tone }) => {
    expect(customerWords(attempt(fields))).toMatchObject({ tone, mayPayAgain: false });
  });

  it.each([
    { resultCode: '1032', reason: 'cancelled', title: 'You cancelled the payment' },
    { resultCode: '2001', reason: 'wrong-pin', title: 'That was not the right PIN' },
    { resultCode: '1', reason: 'insufficient-funds', title: 'Not enough money in M-PESA' },
    { resultCode: '1037', reason: 'unreachable', title: 'There was no answer from your phone' },
  ] as const)('offers another try after $reason, in both languages', (fields) => {
    const words = customerWords(attempt({ status: 'failed', ...fields }));
    expect(words).toMatchObject({ tone: 'failed', title: fields.title, mayPayAgain: true });
    expect(words.text).not.toBe('');
    expect(words.textSw).not.toBe('');
  });

  it('offers another try when no phone was asked', () => {
    expect(customerWords(attempt({ status: 'rejected' }))).toMatchObject({
      tone: 'failed',
      mayPayAgain: true,
    });
  });
});
