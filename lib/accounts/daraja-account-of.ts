import { concealing } from '../redaction/concealing.js';
import type { DarajaAccount } from '../daraja/daraja-account.js';
import { normalizeCallbackUrl } from '../stk/rules/callback-url.rule.js';
import type { MpesaAccount } from './mpesa-account.js';

/** The checked account as the module uses it: every default filled in, frozen, its secrets concealed. */
export function darajaAccountOf(
  name: string,
  account: MpesaAccount & { callbackUrl: string },
  baseUrl: string,
  control: { remembered?: boolean } = {},
): Readonly<DarajaAccount> {
  const { consumerKey, consumerSecret, shortCode, passKey, tillNumber } = account;
  return concealing<DarajaAccount>(
    {
      name,
      baseUrl,
      consumerKey,
      consumerSecret,
      shortCode,
      passKey,
      partyB: tillNumber ?? shortCode,
      transactionType:
        account.transactionType ??
        (tillNumber === undefined ? 'CustomerPayBillOnline' : 'CustomerBuyGoodsOnline'),
      callbackUrl: normalizeCallbackUrl(account.callbackUrl),
    },
    ['consumerKey', 'consumerSecret', 'passKey'],
    control,
  );
}
