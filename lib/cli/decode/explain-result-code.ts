import { describeResultCode } from '../../daraja/result-codes.js';
import { cleanText } from '../../redaction/clean-text.js';
import type { Explanation } from './explanation.js';

/** What the catalogue has of a code of a callback or a query. */
export function explainResultCode(kind: Explanation['kind'], code: string | number): Explanation {
  const description = describeResultCode(code);
  const known = description.evidence !== 'none';
  // Whoever pastes a phone number for a code is not shown it again.
  return {
    kind,
    known,
    ...description,
    code: known ? description.code : cleanText(description.code),
  };
}
