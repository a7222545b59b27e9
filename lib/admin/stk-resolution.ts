import type { OperatorDecision } from '../attempts/evidence.js';
import { identifierRule } from '../stk/rules/identifier.rule.js';
import type { Rule } from '../stk/rules/rule.js';
import { StkInvalidInputError } from '../stk/stk.errors.js';

/**
 * Who decides, and why. Kept in the attempt's history for ever.
 * @publicApi
 */
export interface StkOperatorNote {
  /** The person, by your own id of 1 to 128 characters. */
  by: string;
  /** What was seen, and where: 1 to 500 characters. */
  reason: string;
}

/**
 * What a person found out elsewhere about an attempt: on the M-Pesa statement, by a call.
 * @publicApi
 */
export interface StkResolution extends StkOperatorNote {
  /** What it is to be; only what stands above its status can be. */
  to: OperatorDecision['to'];
  /** M-Pesa's receipt number, as the statement has it; for `completed` only. */
  receipt?: string;
}

const reasonRule: Rule = (value) =>
  typeof value === 'string' && value.trim() !== '' && value.length <= 500
    ? null
    : 'must be text of 1 to 500 characters: what was seen, and where';

const TO: Record<StkResolution['to'], true> = {
  completed: true,
  failed: true,
  rejected: true,
  expired: true,
};

const toRule: Rule = (value) =>
  typeof value === 'string' && Object.hasOwn(TO, value)
    ? null
    : `must be one of ${Object.keys(TO).join(', ')}`;

const receiptRule: Rule = (value) =>
  typeof value === 'string' && /^[A-Z0-9]{6,20}$/.test(value)
    ? null
    : 'must be a receipt number of M-Pesa, such as UKO1AAAAAA';

/** @throws StkInvalidInputError with one entry a field */
export function checkNote({ by, reason }: StkOperatorNote): StkOperatorNote {
  check({ by: identifierRule(by), reason: reasonRule(reason) });
  return { by, reason };
}

/** @throws StkInvalidInputError with one entry a field */
export function checkResolution({ to, by, reason, receipt }: StkResolution): OperatorDecision {
  check({
    to: toRule(to),
    by: identifierRule(by),
    reason: reasonRule(reason),
    receipt:
      receipt === undefined
        ? null
        : to === 'completed'
          ? receiptRule(receipt)
          : 'belongs to a payment: leave it out, or resolve to completed',
  });
  return { kind: 'operator', to, by, reason, receipt: receipt ?? null };
}

function check(messages: Record<string, string | null>): void {
  const problems = Object.entries(messages).flatMap(([field, message]) =>
    message === null ? [] : [{ field, message }],
  );
  if (problems.length > 0) throw new StkInvalidInputError(problems);
}
