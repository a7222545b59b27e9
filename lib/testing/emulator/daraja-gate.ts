import type { EmulatorAccount } from './emulator-account.js';
import { darajaResponse } from './daraja-response.builder.js';
import type { DarajaReply } from './daraja-response.builder.js';
import type { EmulatorContext } from './emulator-context.js';
import type { Exchange } from './exchange.js';
import type { FieldCheck } from './field-checks.js';
import { NAMED_ANSWERS } from './named-answers.js';

/** Fields to check, in order, each with the name that Daraja gives it when it refuses. */
export type FieldChecks = readonly (readonly [
  field: string,
  reportedAs: string,
  isValid: FieldCheck,
])[];

/** What got through, or the refusal. */
export type Admission =
  | { refusal: DarajaReply }
  | { refusal: null; account: EmulatorAccount; fields: Record<string, unknown> };

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

/**
 * What push and query have in common: token, content type, fields, shortcode, password, in that
 * order.
 */
export const admit = (
  exchange: Exchange,
  body: string,
  checks: FieldChecks,
  requestId: string,
  context: EmulatorContext,
): Admission => {
  const token = /^Bearer +(\S+)$/i.exec(exchange.header('authorization'))?.[1] ?? '';
  const consumerKey = context.tokens.consumerKeyOf(token);
  if (consumerKey === null) return { refusal: darajaResponse.invalidAccessToken(requestId) };
  if (!exchange.isJson()) {
    // Misleading, and true to Daraja: without the content type it sees no fields at all.
    return { refusal: darajaResponse.badRequest('BusinessShortCode', requestId) };
  }
  const fields = parse(body);
  if (!isRecord(fields)) {
    return {
      refusal: darajaResponse.error({
        status: 400,
        errorCode: '400.002.05',
        errorMessage: 'Invalid Request Payload',
        requestId,
      }),
    };
  }
  const wrong = checks.find(([field, , isValid]) => !isValid(fields[field]));
  if (wrong) return { refusal: darajaResponse.badRequest(wrong[1], requestId) };

  const shortCode = String(fields.BusinessShortCode);
  const account = context.accounts.find(
    (known) => known.shortCode === shortCode && known.consumerKey === consumerKey,
  );
  if (!account) return { refusal: NAMED_ANSWERS['merchant-does-not-exist']({ requestId }) };
  const password = `${shortCode}${account.passKey}${String(fields.Timestamp)}`;
  if (fields.Password !== Buffer.from(password).toString('base64')) {
    return { refusal: NAMED_ANSWERS['wrong-credentials']({ requestId }) };
  }
  return { refusal: null, account, fields };
};
