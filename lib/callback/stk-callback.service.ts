import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import { Injectable, Logger } from '@nestjs/common';
import type { QuarantinedCallback, Settlement } from '../attempts/attempt-store.js';
import { hashCallbackToken, isCallbackToken } from '../attempts/callback-token.js';
import { Clock } from '../attempts/clock.js';
import { EvidenceService } from '../attempts/evidence.service.js';
import type { StkCallback } from '../attempts/stk-callback.js';
import { parseStkCallback } from './parse-stk-callback.js';
import { rawBodyOf } from './raw-body.js';
import type { StkCallbackRequest } from './stk-callback-request.js';
import { StkCallbackError } from './stk-callback.error.js';

/**
 * What became of a callback. Never tell its sender.
 *
 * - `applied`: it belongs to an attempt, and that attempt was decided with it.
 * - `deferred`: kept until our own push response is in; decided then.
 * - `duplicate`: the same callback came before.
 * - `quarantined`: malformed, nobody's, or at odds with its attempt. Kept for people to look at.
 * @publicApi
 */
export interface StkCallbackReceipt {
  disposition: 'applied' | 'deferred' | 'duplicate' | 'quarantined';
}

/**
 * Takes callbacks in: from the module's own controller, from one of yours, or from a queue that another
 * service fills.
 * @publicApi
 */
@Injectable()
export class StkCallbackService {
  private readonly logger = new Logger(StkCallbackService.name);

  constructor(
    private readonly evidence: EvidenceService,
    private readonly clock: Clock,
  ) {}

  /**
   * Resolves when the callback is committed, whatever it was: malformed and forged ones are quarantined,
   * not refused. No event handler has run by then.
   *
   * Rejects with the store's error where it could not be kept. Then answer 503: Daraja is not known to
   * deliver twice, so the outcome will most likely come from a query.
   */
  async receive(request: StkCallbackRequest): Promise<StkCallbackReceipt> {
    const { token, body, rawBody } = request;
    const sourceIp = request.sourceIp && isIP(request.sourceIp) ? request.sourceIp : null;
    const raw = rawBodyOf(request);
    if (!isCallbackToken(token)) {
      const detail = 'the URL ends in no callback token';
      return this.quarantine({ problem: 'unknown-token', detail, sourceIp, raw, tokenHash: null });
    }
    const tokenHash = hashCallbackToken(token);
    const callback = parse(body);
    if (callback instanceof StkCallbackError) {
      const detail = callback.problem;
      return this.quarantine({ problem: 'malformed', detail, sourceIp, raw, tokenHash });
    }
    const settlement = await this.evidence.applyCallback(tokenHash, {
      kind: 'callback',
      callback,
      digest: digest(rawBody ?? JSON.stringify(callback)),
      raw: raw ?? JSON.stringify(callback),
      sourceIp,
    });
    if (!settlement) {
      const detail = 'no attempt has this callback token';
      return this.quarantine({ problem: 'unknown-token', detail, sourceIp, raw, tokenHash });
    }
    return this.settled(settlement, callback);
  }

  private settled(
    { attempt, callback }: Settlement,
    { resultCode }: StkCallback,
  ): StkCallbackReceipt {
    const disposition = callback ?? 'quarantined';
    const message = `Callback of attempt ${attempt.id} ${disposition}, result code ${resultCode}`;
    if (disposition === 'quarantined') this.logger.warn(`${message}: it contradicts the attempt`);
    else this.logger.log(message);
    return { disposition };
  }

  private async quarantine(
    callback: Omit<QuarantinedCallback, 'receivedAt'>,
  ): Promise<StkCallbackReceipt> {
    const { sourceIp, detail } = callback;
    await this.evidence.quarantine({ ...callback, receivedAt: new Date(this.clock.now()) });
    this.logger.warn(`Callback quarantined, from ${sourceIp ?? 'an unknown address'}: ${detail}`);
    return { disposition: 'quarantined' };
  }
}

function parse(body: unknown): StkCallback | StkCallbackError {
  try {
    return parseStkCallback(body);
  } catch (error) {
    if (error instanceof StkCallbackError) return error;
    throw error;
  }
}

const digest = (bytes: string | Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex');
