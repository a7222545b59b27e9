import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { StkAttempt } from '../../attempts/stk-attempt.js';
import {
  stkCallback,
  type StkCallbackBody,
  type StkCallbackSuccess,
} from '../emulator/stk-callback.builder.js';

/** One callback that must count for nothing. */
export interface Forgery {
  /** `amount: one shilling more`. */
  readonly name: string;
  readonly body: string | Buffer;
  /** In place of the attempt's token; its own where left out. */
  readonly token?: string;
  /** In place of Daraja's content type. */
  readonly headers?: Readonly<Record<string, string>>;
}

const MIB = 1024 * 1024;

/** The callback of this attempt as Daraja would send it, had the customer paid. */
export const successOf = (attempt: StkAttempt, change: StkCallbackSuccess = {}): StkCallbackBody =>
  stkCallback.success({
    merchantRequestId: attempt.merchantRequestId ?? undefined,
    checkoutRequestId: attempt.checkoutRequestId ?? undefined,
    amount: attempt.amount,
    phoneNumber: attempt.phoneNumber,
    ...change,
  });

/** Everything that is tried on an attempt whose callback has not come. */
export const forgeriesOf = (attempt: StkAttempt): Forgery[] => [
  ...wrongTokens(JSON.stringify(successOf(attempt))),
  ...wrongFacts(attempt),
  ...wrongBytes(JSON.stringify(successOf(attempt))),
  ...wrongHeaders(JSON.stringify(successOf(attempt))),
];

const wrongTokens = (body: string): Forgery[] => {
  const drawn = randomBytes(32).toString('base64url');
  return [
    { name: 'token: none', body, token: '' },
    { name: 'token: a guess', body, token: drawn },
    { name: 'token: cut short', body, token: drawn.slice(1) },
    { name: 'token: too long', body, token: `${drawn}A` },
    { name: 'token: a number', body, token: '1' },
  ];
};

function wrongFacts(attempt: StkAttempt): Forgery[] {
  const { amount } = attempt;
  const amounts: [name: string, amount: number | string][] = [
    ['one shilling more', amount + 1],
    ['one shilling less', amount - 1],
    ['one cent more', `${amount}.01`],
    ['nothing', 0],
    ['negative', -amount],
    ['vast', 1e308],
    ['a word', 'plenty'],
  ];
  const ids: [name: string, ids: StkCallbackSuccess][] = [
    ['another CheckoutRequestID', { checkoutRequestId: 'ws_CO_00000000000000000000000000' }],
    ['another MerchantRequestID', { merchantRequestId: '0000-0000000-0' }],
  ];
  const of = (name: string, change: StkCallbackSuccess): Forgery => ({
    name,
    body: JSON.stringify(successOf(attempt, change)),
  });
  return [
    ...amounts.map(([name, wrong]) => of(`amount: ${name}`, { amount: wrong })),
    ...ids.map(([name, wrong]) => of(`ids: ${name}`, wrong)),
  ];
}

const wrongBytes = (json: string): Forgery[] => [
  { name: 'body: none', body: '' },
  { name: 'body: cut off', body: json.slice(0, -2) },
  { name: 'body: two of them', body: `${json}${json}` },
  { name: 'body: a list', body: `[${json}]` },
  { name: 'body: oversized', body: json + ' '.repeat(MIB) },
  {
    name: 'body: no UTF-8',
    body: Buffer.concat([Buffer.from(json.slice(0, -1)), Buffer.of(0xff, 0x7d)]),
  },
  { name: 'body: __proto__', body: json.replace('{', '{"__proto__":{"paid":true},') },
  { name: 'body: a name twice', body: json.replace('{"Body"', '{"Body":{},"Body"') },
  {
    name: 'body: two amounts',
    body: json.replace('"Item":[', '"Item":[{"Name":"Amount","Value":1},'),
  },
  { name: 'body: 5,000 levels', body: '['.repeat(5_000) + ']'.repeat(5_000) },
  { name: 'body: 8,000 values', body: `[${'0,'.repeat(7_999)}0]` },
];

const wrongHeaders = (json: string): Forgery[] => [
  { name: 'type: none', body: json, headers: {} },
  { name: 'type: text', body: json, headers: { 'content-type': 'text/plain' } },
  {
    name: 'type: form',
    body: json,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  },
  {
    name: 'type: another charset',
    body: json,
    headers: { 'content-type': 'application/json; charset=utf-16' },
  },
  {
    name: 'encoding: gzip',
    body: gzipSync(json),
    headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
  },
  {
    name: 'encoding: a gzip bomb',
    body: gzipSync(Buffer.alloc(10 * MIB, ' ')),
    headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
  },
];
