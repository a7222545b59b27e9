import { createServer, request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Clock } from '../../../../lib/attempts/clock.js';
import { DarajaEmulator } from '../../../../lib/testing/emulator/daraja-emulator.js';
import { EMULATOR_ACCOUNT } from '../../../../lib/testing/emulator/emulator-account.js';
import type { DarajaEmulatorOptions } from '../../../../lib/testing/emulator/emulator-options.js';

/** Stands still until a test moves it. */
export class ManualClock extends Clock {
  private tasks: { task: () => void; at: number }[] = [];
  private elapsed = 0;

  constructor(private readonly start = Date.parse('2026-10-02T15:04:05.678Z')) {
    super();
  }

  now(): number {
    return this.start + this.elapsed;
  }

  monotonic(): number {
    return this.elapsed;
  }

  schedule(task: () => void, ms: number): () => void {
    const entry = { task, at: this.elapsed + ms };
    this.tasks.push(entry);
    return () => {
      this.tasks = this.tasks.filter((other) => other !== entry);
    };
  }

  get scheduled(): number {
    return this.tasks.length;
  }

  advance(ms: number): void {
    const until = this.elapsed + ms;
    for (;;) {
      const [next] = this.tasks.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.tasks = this.tasks.filter((entry) => entry !== next);
      this.elapsed = Math.max(this.elapsed, next.at);
      next.task();
    }
    this.elapsed = until;
  }
}

export interface Answer {
  /** Null where the connection broke before a status line. */
  status: number | null;
  headers: IncomingHttpHeaders;
  text: string;
  /** Code of the error that ended the connection, null for a whole answer. */
  error: string | null;
}

/** One request on a connection of its own. Always resolves, broken connections included. */
export const send = (
  url: string,
  init: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> =>
  new Promise((resolve) => {
    const answer: Answer = { status: null, headers: {}, text: '', error: null };
    const fail = (error: NodeJS.ErrnoException): void => {
      resolve({ ...answer, error: error.code ?? error.message });
    };
    const { method = 'GET', headers = {}, body } = init;
    const request = httpRequest(url, { method, headers, agent: false }, (response) => {
      answer.status = response.statusCode!;
      answer.headers = response.headers;
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (answer.text += chunk));
      response.on('error', fail);
      response.on('end', () => {
        resolve(answer);
      });
    });
    request.on('error', fail);
    request.end(body);
  });

/** Resolves when `condition` holds; rejects after five seconds. */
export const until = async (condition: () => boolean): Promise<void> => {
  const deadline = performance.now() + 5_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`Waited in vain for ${String(condition)}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
};

export interface Receiver {
  url: string;
  callbacks: { headers: IncomingHttpHeaders; path: string; body: string }[];
  close: () => Promise<void>;
}

/** Takes callbacks; answers with `status`, or not at all if that is null. */
export const receive = async (status: number | null = 200): Promise<Receiver> => {
  const callbacks: Receiver['callbacks'] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      callbacks.push({ headers: request.headers, path: request.url!, body });
      if (status !== null) response.writeHead(status).end('{"ResultCode":0}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/stk/callback/secret`,
    callbacks,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
};

const TIMESTAMP = '20261002180405';

/** A client that does everything right, unless told otherwise, and knows nothing of the module. */
export class PlainClient {
  token = '';

  constructor(
    readonly baseUrl: string,
    private readonly callbackUrl: string,
    private readonly account = EMULATOR_ACCOUNT,
  ) {}

  async authorize(): Promise<Answer> {
    const { consumerKey, consumerSecret } = this.account;
    const basic = Buffer.from(`${consumerKey}:${consumerSecret}`).toString('base64');
    const answer = await send(`${this.baseUrl}/oauth/v1/generate?grant_type=client_credentials`, {
      headers: { authorization: `Basic ${basic}` },
    });
    if (answer.status === 200) {
      this.token = (JSON.parse(answer.text) as { access_token: string }).access_token;
    }
    return answer;
  }

  push(fields: Record<string, unknown> = {}, headers?: Record<string, string>): Promise<Answer> {
    return this.post('/mpesa/stkpush/v1/processrequest', this.pushBody(fields), headers);
  }

  pushBody(fields: Record<string, unknown> = {}): string {
    const { shortCode } = this.account;
    return JSON.stringify({
      ...this.signature(),
      TransactionType: 'CustomerPayBillOnline',
      Amount: 100,
      PartyA: '254708374149',
      PartyB: shortCode,
      PhoneNumber: '254708374149',
      CallBackURL: this.callbackUrl,
      AccountReference: 'INV-001',
      TransactionDesc: 'Subscription',
      ...fields,
    });
  }

  query(CheckoutRequestID: unknown, fields: Record<string, unknown> = {}): Promise<Answer> {
    const body = { ...this.signature(), CheckoutRequestID, ...fields };
    return this.post('/mpesa/stkpushquery/v1/query', JSON.stringify(body));
  }

  post(path: string, body: string, headers?: Record<string, string>): Promise<Answer> {
    const usual = { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' };
    return send(`${this.baseUrl}${path}`, { method: 'POST', headers: headers ?? usual, body });
  }

  private signature(): Record<string, string> {
    const { shortCode, passKey } = this.account;
    return {
      BusinessShortCode: shortCode,
      Password: Buffer.from(`${shortCode}${passKey}${TIMESTAMP}`).toString('base64'),
      Timestamp: TIMESTAMP,
    };
  }
}

export interface Stage {
  clock: ManualClock;
  emulator: DarajaEmulator;
  receiver: Receiver;
  client: PlainClient;
  /** Bodies of the callbacks that were received, without the envelope. */
  callbacks: () => { ResultCode: unknown; CheckoutRequestID: string; [name: string]: unknown }[];
}

const open: (() => Promise<void>)[] = [];

/** Emulator, receiver and an authorised client; closed by `closeStages`. */
export const setStage = async (options: DarajaEmulatorOptions = {}): Promise<Stage> => {
  const clock = new ManualClock();
  const emulator = new DarajaEmulator({ seed: 7, clock, ...options });
  const receiver = await receive();
  open.push(
    () => emulator.close(),
    () => receiver.close(),
  );
  const { consumerKey, consumerSecret, shortCode, passKey } = [
    options.credentials ?? EMULATOR_ACCOUNT,
  ].flat()[0]!;
  const client = new PlainClient(await emulator.listen(), receiver.url, {
    consumerKey,
    consumerSecret,
    shortCode,
    passKey,
  });
  await client.authorize();
  const callbacks: Stage['callbacks'] = () =>
    receiver.callbacks.map(
      ({ body }) =>
        (JSON.parse(body) as { Body: { stkCallback: ReturnType<Stage['callbacks']>[number] } }).Body
          .stkCallback,
    );
  return { clock, emulator, receiver, client, callbacks };
};

export const closeStages = async (): Promise<void> => {
  await Promise.all(open.splice(0).map((close) => close()));
};

export const checkoutIdOf = ({ text }: Answer): string =>
  (JSON.parse(text) as { CheckoutRequestID: string }).CheckoutRequestID;
