import { AccessTokens } from '../../daraja/access-tokens.js';
import type { DarajaAccount } from '../../daraja/daraja-account.js';
import { MpesaError } from '../../mpesa.error.js';
import type { MpesaModuleOptions } from '../../mpesa.options.js';
import { describeError } from '../../redaction/describe-error.js';
import { withMpesa } from '../with-mpesa.js';
import { findingsOf, type Finding } from './finding.js';

const { ok, fail } = findingsOf('token');

/** Whether Daraja takes the consumer key and secret. */
export async function checkToken(
  options: MpesaModuleOptions,
  account: DarajaAccount,
  signal: AbortSignal,
): Promise<Finding> {
  try {
    await withMpesa(options, (app) =>
      app.get(AccessTokens, { strict: false }).get(account, { signal }),
    );
    return ok(
      'Daraja takes consumerKey and consumerSecret; shortcode and passkey only a push tries',
    );
  } catch (error) {
    const message = MpesaError.is(error) ? error.message : describeError(error);
    return fail(message, 'Put this right first: without a token nothing can be sent.');
  }
}
