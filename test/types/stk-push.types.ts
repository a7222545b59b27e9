// Checked by the compiler alone: each @ts-expect-error fails the build where the line is right after all.
import type { StkPushDto } from '../../lib/stk/stk-push.dto.js';
import type { StkPushInput } from '../../lib/stk/stk-push-input.js';
import type { StkService } from '../../lib/stk/stk.service.js';

declare const stk: StkService;
declare const body: StkPushDto;
declare const input: StkPushInput;

export const right = [
  stk.push(input),
  stk.push(body),
  stk.push({ ...input, orderId: 'order-1', metadata: { seats: [1, 2], note: null } }),
];

export const wrong = [
  // @ts-expect-error -- amounts are numbers
  stk.push({ ...input, amount: '10' }),
  // @ts-expect-error -- misspelt
  stk.push({ ...input, orderID: 'order-1' }),
  // @ts-expect-error -- Daraja knows two
  stk.push({ ...input, transactionType: 'PayBill' }),
  // @ts-expect-error -- not JSON
  stk.push({ ...input, metadata: { at: new Date() } }),
  // @ts-expect-error -- null is not "left out"
  stk.push({ ...input, orderId: null }),
  // @ts-expect-error -- not for an HTTP client to say
  body.callbackUrl,
  // @ts-expect-error -- not for an HTTP client to say
  body.orderId,
];
