import { RESULT_CODES, STILL_CHECKING } from './result-codes.catalogue.js';
import type { DescribeResultCode, ResultCodeDescription } from './result-codes.types.js';

/** Codes that end nothing, whatever the strength of their evidence. */
const NOT_A_FAILURE: Partial<Record<string, ResultCodeDescription['meaning']>> = {
  '0': 'success',
  '4999': 'pending',
};

const BY_CODE: ReadonlyMap<string, ResultCodeDescription> = new Map(
  RESULT_CODES.map((entry) => [
    entry.code,
    {
      ...entry,
      meaning: NOT_A_FAILURE[entry.code] ?? (entry.evidence === 'claimed' ? 'unknown' : 'failure'),
    },
  ]),
);

/**
 * What a ResultCode of a callback or a query means, who can act on it and what to tell the customer.
 * A code that is not in the catalogue is described as `unknown`; never throws.
 * @publicApi
 */
export const describeResultCode: DescribeResultCode = (code) => {
  const text = String(code).trim();
  const known = BY_CODE.get(text);
  if (known) return { ...known, customerMessage: { ...known.customerMessage } };
  return {
    code: text,
    meaning: 'unknown',
    reason: 'unknown',
    title: 'Not in the catalogue.',
    actor: 'nobody',
    retryable: false,
    customerMessage: { ...STILL_CHECKING },
    evidence: 'none',
  };
};
