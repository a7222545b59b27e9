import type { Provider } from '@nestjs/common';
import { AttemptStore } from '../../lib/attempts/attempt-store.js';
import { drawCallbackToken, hashCallbackToken } from '../../lib/attempts/callback-token.js';
import { Clock, SystemClock } from '../../lib/attempts/clock.js';
import { EvidencePolicy } from '../../lib/attempts/evidence-policy.js';
import { EvidenceService } from '../../lib/attempts/evidence.service.js';
import { InMemoryAttemptStore } from '../../lib/attempts/in-memory-attempt.store.js';
import { NudgeBudget } from '../../lib/attempts/nudge-budget.js';
import { CallbackQuarantine } from '../../lib/callback/callback-quarantine.js';
import { SourceAddresses } from '../../lib/callback/source-addresses.js';
import { StkCallbackService } from '../../lib/callback/stk-callback.service.js';
import type { DarajaAccount } from '../../lib/daraja/daraja-account.js';
import { describeResultCode } from '../../lib/daraja/result-codes.js';
import { MpesaTelemetry } from '../../lib/telemetry/mpesa-telemetry.js';
import { NO_TELEMETRY } from '../../lib/telemetry/no-telemetry.js';
import { newAttempt } from '../../lib/stk/new-attempt.js';

const policy: EvidencePolicy = {
  describeResultCode,
  confirmation: () => 'callback',
  scheduledQueries: true,
  firstAfterMs: 15_000,
  expireAfterMs: 300_000,
  giveUpAfterMs: 172_800_000,
};

/** What takes callbacks in, over the in-memory store, and nothing else of the module. */
export const callbackProviders: Provider[] = [
  { provide: Clock, useClass: SystemClock },
  {
    provide: InMemoryAttemptStore,
    useFactory: (clock: Clock) => new InMemoryAttemptStore(clock),
    inject: [Clock],
  },
  { provide: AttemptStore, useExisting: InMemoryAttemptStore },
  { provide: EvidencePolicy, useValue: policy },
  { provide: NudgeBudget, useValue: { take: () => Promise.resolve(true) } },
  EvidenceService,
  CallbackQuarantine,
  {
    provide: SourceAddresses,
    useValue: new SourceAddresses({ ipPolicy: 'off', allowedIps: [], loopbackExpected: true }),
  },
  { provide: MpesaTelemetry, useValue: NO_TELEMETRY },
  StkCallbackService,
];

const account: DarajaAccount = {
  name: 'default',
  baseUrl: 'http://127.0.0.1',
  consumerKey: 'key',
  consumerSecret: 'secret',
  shortCode: '174379',
  passKey: 'passkey',
  partyB: '174379',
  transactionType: 'CustomerPayBillOnline',
  callbackUrl: 'https://shop.example/stk/callback',
};

const input = {
  phoneNumber: '254712345678',
  amount: 100,
  accountReference: 'INV-001',
  transactionDesc: 'Subscription',
};

/** A push over 100 KES that is being sent: its attempt, and the token of its callback URL. */
export async function sendingAttempt(store: AttemptStore): Promise<{ id: string; token: string }> {
  const { attempt } = await store.open(newAttempt(input, account));
  const token = drawCallbackToken();
  await store.claimSend({
    attemptId: attempt.id,
    sends: 0,
    tokenHash: hashCallbackToken(token),
    sendWithinMs: 30_000,
    checkAfterMs: 30_000,
  });
  return { id: attempt.id, token };
}

/** What Daraja answered to that push. */
export const idsOf = (
  attemptId: string,
): { MerchantRequestID: string; CheckoutRequestID: string } => ({
  MerchantRequestID: `merchant-${attemptId}`,
  CheckoutRequestID: `ws_CO_04052026210410237712345678-${attemptId}`,
});

/** A push that Daraja has accepted. */
export async function pendingAttempt(
  store: AttemptStore,
  evidence: EvidenceService,
): Promise<{ id: string; token: string }> {
  const attempt = await sendingAttempt(store);
  const ids = idsOf(attempt.id);
  await evidence.apply(attempt.id, {
    kind: 'push-accepted',
    merchantRequestId: ids.MerchantRequestID,
    checkoutRequestId: ids.CheckoutRequestID,
  });
  return attempt;
}

/** The receipt of its payment, in M-Pesa's form. */
export const receiptOf = (attemptId: string): string => `U${attemptId.slice(-9).toUpperCase()}`;

/** The callback of an attempt that was paid. */
export const paidBody = (
  attemptId: string,
  amount: number | string = 100,
  receipt = receiptOf(attemptId),
) => ({
  Body: {
    stkCallback: {
      ...idsOf(attemptId),
      ResultCode: 0,
      ResultDesc: 'The service request is processed successfully.',
      CallbackMetadata: {
        Item: [
          { Name: 'Amount', Value: amount },
          { Name: 'MpesaReceiptNumber', Value: receipt },
          { Name: 'Balance' },
          { Name: 'TransactionDate', Value: 20260504210428 },
          { Name: 'PhoneNumber', Value: 254712345678 },
        ],
      },
    },
  },
});

/** The callback of an attempt that the customer cancelled. */
export const cancelledBody = (attemptId: string) => ({
  Body: {
    stkCallback: {
      ...idsOf(attemptId),
      ResultCode: 1032,
      ResultDesc: 'Request cancelled by user',
    },
  },
});
