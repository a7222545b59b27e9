import type { DarajaAccount } from './daraja-account.js';
import { nairobiTimestamp } from './nairobi-timestamp.js';

/** What signs a push or a query. The password is a secret: it decodes to the passkey. */
export interface StkPassword {
  Password: string;
  Timestamp: string;
}

/**
 * Password and Timestamp of one instant. Daraja recomputes the first from the second, so the two
 * must never come from two readings of a clock (Daraja 3.0 portal, M-Pesa Express page).
 * @param instant ms since 1970
 */
export function stkPassword(
  account: Pick<DarajaAccount, 'shortCode' | 'passKey'>,
  instant: number,
): StkPassword {
  const timestamp = nairobiTimestamp(instant);
  const password = Buffer.from(account.shortCode + account.passKey + timestamp, 'utf8');
  return { Password: password.toString('base64'), Timestamp: timestamp };
}
