import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import type { StkAttempt, StkPushInput } from '../../../lib/index.js';
import { within } from './within.js';

/** What an instance is started with. */
export interface InstanceSettings {
  library: string;
  /** Of the data source. */
  database: object;
  /** Options of `MpesaModule`. */
  mpesa: object;
  /** Where the instances share token and budget over Redis; null: in the database. */
  redis: number | null;
  /** Whether it has handlers of events. */
  handlers: boolean;
}

/** An error that an instance answered with. */
export class InstanceError extends Error {
  constructor(
    override readonly name: string,
    readonly code: string | undefined,
    message: string,
  ) {
    super(message);
  }
}

type Message = { ready: number } | { id: number; value?: unknown; error?: InstanceError };

const STARTED_WITHIN_MS = 60_000;
const ANSWERED_WITHIN_MS = 30_000;

/** An application of its own process. */
export class Instance {
  /** Everything that it printed. */
  output = '';
  port = 0;
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, PromiseWithResolvers>();
  private readonly started: Promise<void>;
  private last = 0;
  private running = true;

  constructor(settings: InstanceSettings) {
    this.child = fork(resolve('test/processes/children/app.mjs'), {
      env: { PATH: process.env.PATH, TZ: process.env.TZ, INSTANCE: JSON.stringify(settings) },
      execArgv: ['--enable-source-maps'],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
      });
    }
    this.ended = once(this.child, 'exit').then(([code, signal]: (number | string | null)[]) => {
      this.running = false;
      for (const { reject } of this.waiting.values()) reject(new InstanceEndedError());
      this.waiting.clear();
      return code ?? signal ?? 'unknown';
    });
    this.started = new Promise((resolveStarted, reject) => {
      this.child.on('message', (message: Message) => {
        if ('ready' in message) {
          this.port = message.ready;
          resolveStarted();
        } else {
          this.answered(message);
        }
      });
      void this.ended.then((how) => {
        reject(new Error(`The instance ended (${how}) before it had started:\n${this.output}`));
      });
    });
    this.started.catch(() => undefined);
  }

  get isRunning(): boolean {
    return this.running;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  start(): Promise<void> {
    return within(STARTED_WITHIN_MS, this.started, () => `An instance to start:\n${this.output}`);
  }

  /** Rejects with `InstanceError` as the library's own, and `InstanceEndedError` where it died at it. */
  push(input: StkPushInput): Promise<StkAttempt> {
    return this.ask('push', input) as Promise<StkAttempt>;
  }

  /** Has Daraja asked what became of it. */
  async reconcile(attemptId: string): Promise<void> {
    await this.ask('reconcile', attemptId);
  }

  /** Resolves when it has seen that the attempt is settled, wherever that was. */
  async waitFor(attemptId: string): Promise<void> {
    await this.ask('waitFor', attemptId);
  }

  /** From now on it kills or freezes itself when it comes to `point` for the `pass`-th time. */
  async arm(
    point: string,
    { pass = 1, action = 'kill' }: { pass?: number; action?: 'kill' | 'freeze' } = {},
  ): Promise<void> {
    await this.ask('arm', { point, pass, action });
  }

  /** Ends a freeze. */
  wake(): void {
    this.child.kill('SIGCONT');
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  /** Asks it to stop, as a deployment does; resolves with how it ended. */
  terminate(): Promise<number | string> {
    this.child.kill('SIGTERM');
    return within(30_000, this.ended, () => `An instance to stop:\n${this.output}`);
  }

  private ask(command: string, argument: unknown): Promise<unknown> {
    if (!this.running) return Promise.reject(new InstanceEndedError());
    const id = (this.last += 1);
    const answer = new Promise((resolveAnswer, reject) => {
      this.waiting.set(id, { resolve: resolveAnswer, reject });
    });
    this.child.send({ id, command, argument }, (error) => {
      if (error) this.waiting.get(id)?.reject(new InstanceEndedError());
    });
    return within(ANSWERED_WITHIN_MS, answer, () => `${command}:\n${this.output}`);
  }

  private answered({ id, value, error }: Exclude<Message, { ready: number }>): void {
    const call = this.waiting.get(id);
    this.waiting.delete(id);
    if (error) call?.reject(new InstanceError(error.name, error.code, error.message));
    else call?.resolve(value);
  }
}

/** The instance died before it answered. */
export class InstanceEndedError extends Error {}

interface PromiseWithResolvers {
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}
