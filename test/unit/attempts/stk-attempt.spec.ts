import { inspect } from 'node:util';
import { toStkAttempt } from '../../../lib/attempts/stk-attempt.js';
import { aPendingAttempt, anAttempt } from '../../support/attempts.js';

const ID = 'ws_CO_260920262019337712345678';
const attempt = toStkAttempt(aPendingAttempt({ checkoutRequestId: ID }));

it('has the number and the id for who asks, and shows neither in JSON or a log', () => {
  expect(attempt).toMatchObject({ phoneNumber: '254712345678', checkoutRequestId: ID });
  expect(JSON.parse(JSON.stringify(attempt))).toMatchObject({
    id: 'attempt-1',
    status: 'pending',
    amount: 100,
    phoneNumber: '2547*****678',
    checkoutRequestId: 'ws_CO_260920262019337*********',
  });
  const shown = inspect(attempt);
  expect(shown).toContain('StkAttempt {');
  expect(shown).toContain("phoneNumber: '2547*****678'");
  expect(shown).not.toContain('712345678');
});

it('has no id before there is one', () => {
  expect(JSON.parse(JSON.stringify(toStkAttempt(anAttempt())))).toMatchObject({
    checkoutRequestId: null,
  });
});

it('shows nothing of what the module keeps for itself', () => {
  expect(Object.keys(attempt)).not.toContain('tokenHash');
  expect(Object.isFrozen(attempt)).toBe(true);
});
