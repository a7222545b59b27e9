import { type ChildProcess, execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { freePort } from '../../../sample/checkout/src/free-port.js';
import type { StaffView } from '../../../sample/checkout/src/orders/staff-list.js';
import { EMULATOR_ACCOUNT } from '../../../lib/testing.js';

export interface Answer {
  status: number;
  body: { id: string; title: string; reference: string };
}

/** The built checkout sample, in a process of its own, with a database on a server. */
export class CheckoutShop {
  private child: ChildProcess | undefined;

  private constructor(
    private readonly env: NodeJS.ProcessEnv,
    private readonly url: string,
  ) {}

  static async of(databaseUrl: string, daraja: string): Promise<CheckoutShop> {
    const port = await freePort(0, 'shop');
    const url = `http://127.0.0.1:${port}`;
    const env = {
      ...process.env,
      NODE_ENV: undefined,
      PORT: String(port),
      HOST: '127.0.0.1',
      DATABASE_URL: databaseUrl,
      MPESA_ENVIRONMENT: 'sandbox',
      MPESA_CONSUMER_KEY: EMULATOR_ACCOUNT.consumerKey,
      MPESA_CONSUMER_SECRET: EMULATOR_ACCOUNT.consumerSecret,
      MPESA_SHORT_CODE: EMULATOR_ACCOUNT.shortCode,
      MPESA_PASS_KEY: EMULATOR_ACCOUNT.passKey,
      MPESA_CALLBACK_URL: `${url}/stk/callback`,
      MPESA_BASE_URL: daraja,
    };
    return new CheckoutShop(env, url);
  }

  /** The command of the sample's README. */
  async migrate(): Promise<void> {
    const command = ['run', 'migrate', '--workspace=checkout-sample'];
    await promisify(execFile)('npm', command, { env: this.env });
  }

  /** Resolves with null when it answers, or with all that it printed when it ended instead. */
  async start(): Promise<string | null> {
    const child = fork('sample/checkout/dist/main.js', { env: this.env, silent: true });
    this.child = child;
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    }
    return Promise.race([
      once(child, 'message').then(() => null),
      once(child, 'close').then(() => output),
    ]);
  }

  /** `kill -9`. */
  async kill(): Promise<void> {
    if (!this.child || this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill('SIGKILL');
    await once(this.child, 'exit');
  }

  /** What the Pay button sends. */
  pay(idempotencyKey: string, amount: number, phoneNumber: string): Promise<Answer> {
    return this.post('/orders', { idempotencyKey, amount, phoneNumber });
  }

  /** What the button that offers another try sends. */
  payAgain(orderId: string, idempotencyKey: string, phoneNumber: string): Promise<Answer> {
    return this.post(`/orders/${orderId}/payments`, { idempotencyKey, phoneNumber });
  }

  /** What the page for the staff shows now. */
  async staffView(): Promise<StaffView> {
    const response = await fetch(`${this.url}/orders/feed`);
    let text = '';
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const [, data] = /^data: (.*)\n\n/m.exec(text) ?? [];
      if (data) return JSON.parse(data) as StaffView;
    }
    throw new Error(`The shop's feed ended:\n${text}`);
  }

  private async post(path: string, body: object): Promise<Answer> {
    const response = await fetch(this.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Answer['body'] };
  }
}
