import { stkCallback } from 'nestjs-mpesa/testing';
import { postRequest } from '../support/load.js';

/** KES, of every attempt here. */
export const AMOUNT = 100;

/** The callback token of attempt `n` of a batch; `batch` is a few letters. */
export const benchToken = (batch: string, n: number): string =>
  batch + String(n).padStart(43 - batch.length, '0');

/** The callback by which attempt `n` of a batch is paid. */
export const benchCallback = (batch: string, n: number) =>
  stkCallback.success({
    merchantRequestId: `bench-${batch}${n}`,
    checkoutRequestId: `ws_CO_bench_${batch}${n}`,
    amount: AMOUNT,
    receipt: `${batch}${n}`.toUpperCase(),
  });

export const callbackRequest = (path: string, batch: string, n: number): string =>
  postRequest(`${path}/${benchToken(batch, n)}`, benchCallback(batch, n));
