import { createHash } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import type { QuarantinedCallback, Settlement } from '../attempts/attempt-store.js';
import { hashCallbackToken, isCallbackToken } from '../attempts/callback-token.js';
import { Clock } from '../attempts/clock.js';
import { EvidenceService } from '../attempts/evidence.service.js';
import type { StkCallback } from '../attempts/stk-callback.js';
import { MpesaTelemetry } from '../telemetry/mpesa-telemetry.js';
import { CallbackQuarantine } from './callback-quarantine.js';
import { parseStkCallback } from './parse-stk-callback.js';
import { rawBodyOf } from './raw-body.js';
import { readAddress, SourceAddresses } from './source-addresses.js';
import type { StkCallbackRequest } from './stk-callback-request.js';
import { StkCallbackError } from './stk-callback.error.js';
import { parseStrictJson } from './strict-json.js';

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
  /** What became of it, as said above. */
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
    private readonly quarantine: CallbackQuarantine,
    private readonly addresses: SourceAddresses,
    private readonly clock: Clock,
    private readonly telemetry: MpesaTelemetry,
  ) {}

  /**
   * Resolves when the callback is committed, whatever it was: malformed and forged ones are quarantined,
   * not refused; of a flood of those, a sample is. No event handler has
   * run by then.
   *
   * Rejects with the store's error where it could not be kept. Then answer 503: Daraja is not known to
   * deliver twice, so the outcome will most likely come from a query.
   */
  async receive(request: StkCallbackRequest): Promise<StkCallbackReceipt> {
    const startedAt = this.clock.now();
    const { token, rawBody } = request;
    const sourceIp = readAddress(request.sourceIp);
    const raw = rawBodyOf(request);
    const tokenHash = isCallbackToken(token) ? hashCallbackToken(token) : null;
    const setAside = async (problem: QuarantinedCallback['problem'], detail: string) => {
      await this.quarantine.keep({ problem, detail, sourceIp, raw, tokenHash });
      return { disposition: 'quarantined' } as const;
    };
    if (!this.addresses.admits(sourceIp)) {
      return setAside('source-address', 'its address is none of callback.allowedIps');
    }
    if (tokenHash === null) return setAside('unknown-token', 'the URL ends in no callback token');
    const callback = parse(request);
    if (callback instanceof StkCallbackError) return setAside('malformed', callback.problem);
    const settlement = await this.evidence.applyCallback(tokenHash, {
      kind: 'callback',
      callback,
      digest: digest(rawBody ?? JSON.stringify(callback)),
      raw: raw ?? JSON.stringify(callback),
      sourceIp,
    });
    if (!settlement) return setAside('unknown-token', 'no attempt has this callback token');
    this.addresses.noteTrusted(sourceIp);
    await this.trace(settlement, startedAt);
    return this.settled(settlement, callback);
  }

  /** Afterwards, as only now it is known which trace it belongs to. */
  private async trace({ attempt, callback }: Settlement, startedAt: number): Promise<void> {
    const { id, status, sentAt, traceparent } = attempt;
    const disposition = callback ?? 'quarantined';
    const attributes = {
      'mpesa.attempt.id': id,
      'mpesa.status': status,
      'mpesa.disposition': disposition,
    };
    await this.telemetry.span(
      { name: 'stk.callback', kind: 'consumer', continues: traceparent, startedAt, attributes },
      () => Promise.resolve(),
    );
    if (disposition !== 'applied' || !sentAt) return;
    const seconds = Math.max(0, startedAt - sentAt.getTime()) / 1_000;
    this.telemetry.measure('mpesa.callback.lag', seconds, { 'mpesa.status': status });
  }

  /**
   * Takes in once more what is in quarantine, by the same checks of token, ids, amount and receipt. Of its
   * sender's address a person has judged.
   *
   * @returns null where no attempt has its token
   * @throws StkCallbackError it is no callback of Daraja's
   * @internal
   */
  async replay(
    { raw, tokenHash, sourceIp }: Pick<QuarantinedCallback, 'raw' | 'tokenHash' | 'sourceIp'>,
    replayed: { by: string; reason: string },
  ): Promise<StkCallbackReceipt | null> {
    const bytes = Buffer.from(raw ?? '');
    const callback = parseStkCallback(parseStrictJson(bytes));
    const received = { callback, digest: digest(bytes), raw: raw ?? '', sourceIp, replayed };
    const settlement =
      tokenHash &&
      (await this.evidence.applyCallback(tokenHash, { kind: 'callback', ...received }));
    return settlement ? this.settled(settlement, callback) : null;
  }

  private settled(
    { attempt, callback }: Settlement,
    { resultCode }: StkCallback,
  ): StkCallbackReceipt {
    const disposition = callback ?? 'quarantined';
    const message = `Callback of attempt ${attempt.id} ${disposition}, result code ${resultCode}`;
    if (disposition === 'quarantined') {
      this.quarantine.noteContradiction(`${message}: it contradicts the attempt`);
    } else {
      this.logger.log(message);
    }
    return { disposition };
  }
}

/** The bytes are read where there are any: a parser of the application lets two equal names pass. */
function parse({ body, rawBody, problem }: StkCallbackRequest): StkCallback | StkCallbackError {
  try {
    if (problem !== undefined) throw new StkCallbackError(problem);
    return parseStkCallback(rawBody ? parseStrictJson(rawBody) : body);
  } catch (error) {
    if (error instanceof StkCallbackError) return error;
    throw error;
  }
}

const digest = (bytes: string | Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex');
