import type { HttpCall } from '../../../lib/daraja/daraja-http.js';
import type { HttpResult } from '../../../lib/daraja/http-result.js';
import { darajaResponse, stkCallback, type DarajaReply } from '../../../lib/testing.js';
import type { Chance } from './chance.js';
import type { WorldClock } from './world-clock.js';

/** A push as it reached Daraja, and what is true of it. */
export interface Prompt {
  id: string;
  merchantRequestId: string;
  token: string;
  amount: number;
  phoneNumber: string;
  /** What the customer did; null while the phone rings. */
  resultCode: number | null;
  receipt: string | null;
}

/** How often the network and Daraja misbehave: 0 never, 1 as badly as it gets. */
export interface Faults {
  level: number;
}

const error = (errorCode: string, errorMessage: string): DarajaReply =>
  darajaResponse.error({ status: 500, errorCode, errorMessage });
const LOCKED = error(
  '500.001.1001',
  'Unable to lock subscriber, a transaction is already in process for the current subscriber',
);
const INTERNAL_ERROR = error('500.003.1001', 'Internal Server Error');
const UNKNOWN_ID = error('500.001.1001', 'The transaction does not Exist');
const PROCESSED = error('500.001.1001', 'The transaction is being processed');

const TOTAL_TIMEOUT_MS = 20_000;
const CONNECT_MS = 60;

/** Daraja, and the network between it and the instances. */
export class SimulatedDaraja {
  readonly prompts: Prompt[] = [];
  /** Every push that arrived with a token that was good, by its callback token. */
  readonly arrived: string[] = [];
  readonly queries: { at: number; id: string }[] = [];
  /** Prompts whose success was told to the instances: by a callback that got 200, or by a query. */
  readonly toldPaid = new Set<Prompt>();
  onArrival: (token: string) => void = () => undefined;
  private token = '';
  private drawn = 0;

  constructor(
    private readonly clock: WorldClock,
    private readonly chance: Chance,
    private readonly faults: Faults,
    private readonly deliver: (token: string, body: object) => Promise<boolean>,
  ) {}

  /** What `DarajaHttp.send()` does, over a network that loses and delays. */
  async send(call: HttpCall): Promise<HttpResult> {
    if (call.url.includes('/oauth/')) {
      await this.clock.sleep(this.chance.between(20, 200));
      this.token = `token-${(this.drawn += 1)}`;
      return answer(darajaResponse.token({ accessToken: this.token }));
    }
    await this.clock.sleep(this.chance.between(5, CONNECT_MS));
    if (this.fails(0.03)) return { kind: 'failure', sent: false, cause: 'connection-refused' };
    if (!(call.mayStillSend?.() ?? true)) {
      return { kind: 'failure', sent: false, cause: 'send-window-closed' };
    }
    const isPush = call.url.includes('processrequest');
    const reply = isPush ? this.takePush(call) : this.takeQuery(call);
    const takesMs = this.fails(0.05)
      ? this.chance.between(10_000, 40_000)
      : this.chance.between(50, 900);
    await this.clock.sleep(Math.min(takesMs, TOTAL_TIMEOUT_MS));
    if (takesMs > TOTAL_TIMEOUT_MS) return { kind: 'failure', sent: true, cause: 'timeout' };
    if (this.fails(0.05)) return { kind: 'failure', sent: true, cause: 'connection-reset' };
    if (this.fails(0.03)) return { kind: 'answer', status: 502, retryAfter: null, text: '<html>' };
    if (!isPush) this.noteToldPaid(reply);
    return answer(reply);
  }

  private takePush(call: HttpCall): DarajaReply {
    if (!this.isGood(call)) return darajaResponse.invalidAccessToken();
    const body = JSON.parse(call.body ?? '') as {
      CallBackURL: string;
      Amount: number;
      PhoneNumber: string;
    };
    const token = body.CallBackURL.split('/').pop() ?? '';
    this.onArrival(token);
    this.arrived.push(token);
    if (this.fails(0.04)) return LOCKED;
    if (this.fails(0.02)) return darajaResponse.badRequest('PhoneNumber');
    const n = (this.drawn += 1);
    const prompt: Prompt = {
      id: `ws_CO_${n}`,
      merchantRequestId: `m-${n}`,
      token,
      amount: body.Amount,
      phoneNumber: body.PhoneNumber,
      resultCode: null,
      receipt: null,
    };
    this.prompts.push(prompt);
    this.clock.schedule(() => void this.customerAnswers(prompt), this.chance.between(300, 60_000));
    return this.fails(0.03)
      ? INTERNAL_ERROR
      : darajaResponse.accepted({
          merchantRequestId: prompt.merchantRequestId,
          checkoutRequestId: prompt.id,
        });
  }

  private takeQuery(call: HttpCall): DarajaReply {
    if (!this.isGood(call)) return darajaResponse.invalidAccessToken();
    const { CheckoutRequestID: id } = JSON.parse(call.body ?? '') as { CheckoutRequestID: string };
    this.queries.push({ at: this.clock.monotonic(), id });
    const prompt = this.prompts.find((each) => each.id === id);
    if (!prompt) return UNKNOWN_ID;
    if (this.fails(0.05)) return darajaResponse.spikeArrest();
    if (this.fails(0.1)) return PROCESSED;
    const ids = { merchantRequestId: prompt.merchantRequestId, checkoutRequestId: id };
    const resultCode = prompt.resultCode ?? 4999;
    return darajaResponse.queryResult({ ...ids, resultCode });
  }

  private noteToldPaid({ body }: DarajaReply): void {
    const said = JSON.parse(body) as { ResultCode?: string; CheckoutRequestID?: string };
    const prompt = this.prompts.find(({ id }) => id === said.CheckoutRequestID);
    if (prompt && said.ResultCode === '0') this.toldPaid.add(prompt);
  }

  private async customerAnswers(prompt: Prompt): Promise<void> {
    prompt.resultCode = this.chance.pick([
      [70, 0],
      [15, 1032],
      [10, 1037],
      [5, 1],
    ]);
    if (prompt.resultCode === 0)
      prompt.receipt = `UKO${String((this.drawn += 1)).padStart(7, '0')}`;
    if (this.fails(0.05)) return;
    const times = this.fails(0.08) ? 2 : 1;
    for (let i = 0; i < times; i += 1) {
      if (this.fails(0.1)) await this.clock.sleep(this.chance.between(1_000, 400_000));
      await this.callBack(prompt);
    }
  }

  /** One delivery: what is not taken is not delivered again. */
  async callBack(prompt: Prompt): Promise<void> {
    const ids = { merchantRequestId: prompt.merchantRequestId, checkoutRequestId: prompt.id };
    const { amount, receipt, phoneNumber } = prompt;
    const body =
      receipt === null
        ? stkCallback.failure(prompt.resultCode ?? 1037, ids)
        : stkCallback.success({ ...ids, amount, receipt, phoneNumber });
    await this.clock.sleep(this.chance.between(5, 100));
    if ((await this.deliver(prompt.token, body)) && receipt !== null) this.toldPaid.add(prompt);
  }

  private isGood(call: HttpCall): boolean {
    return call.headers.Authorization === `Bearer ${this.token}`;
  }

  private fails(probability: number): boolean {
    return this.chance.happens(probability * this.faults.level);
  }
}

const answer = ({ status, body, headers }: DarajaReply): HttpResult => ({
  kind: 'answer',
  status,
  retryAfter: headers['Retry-After'] ?? null,
  text: body,
});
