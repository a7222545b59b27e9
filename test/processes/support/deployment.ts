import { postCallback } from '../../../lib/testing/emulator/post-callback.js';
import {
  type CallbackDelivery,
  DarajaEmulator,
  EMULATOR_ACCOUNT,
  type EmulatorPrompt,
} from '../../../lib/testing.js';
import type { StkPushInput } from '../../../lib/index.js';
import { until } from '../../support/until.js';
import { builtLibrary } from './built-library.js';
import { Instance } from './instance.js';
import { type DatabaseServer, InstanceDatabase } from './instance-database.js';

/** So that what a killed instance leaves behind is found in seconds. */
const MPESA_OPTIONS = {
  // Only its path counts: deliver() chooses the instance.
  callbackUrl: 'http://127.0.0.1:1/stk/callback',
  http: {
    connectTimeoutMs: 1_000,
    headersTimeoutMs: 3_000,
    bodyTimeoutMs: 1_000,
    totalTimeoutMs: 4_000,
  },
  reconciliation: { firstAfterMs: 10_000, expireAfterMs: 20_000, giveUpAfterMs: 3_600_000 },
  events: { tries: 3, firstDelayMs: 100 },
};

/** What is not at rest. */
const OPEN = `
  SELECT id, status AS state, next_check_at AS due FROM mpesa_attempt
  WHERE status IN ('created', 'sending', 'uncertain', 'pending')
  UNION ALL
  SELECT e.id, d.handler AS state, d.due_at AS due
  FROM mpesa_delivery d JOIN mpesa_event e ON e.seq = d.event_seq WHERE d.due_at IS NOT NULL`;

export interface DeploymentOptions {
  /** Where the database is. Default: PostgreSQL. */
  server?: DatabaseServer;
  /** Where the instances find the database, when not where it is. */
  databasePort?: (database: InstanceDatabase) => Promise<number>;
  /** Of `MpesaModule`. */
  mpesa?: object;
  /** Port of the Redis that instances share token and budget over. Default: they do in the database. */
  redis?: number;
}

/** Several instances of one application, their database, and Daraja. */
export class Deployment {
  readonly instances: Instance[] = [];
  readonly emulator: DarajaEmulator;
  private turn = 0;
  private pushes = 0;

  private constructor(
    readonly database: InstanceDatabase,
    private readonly databasePort: number,
    private readonly mpesa: object,
    private readonly redis: number | null,
  ) {
    this.emulator = new DarajaEmulator({
      deliver: (delivery) => this.deliver(delivery),
    });
  }

  static async create(options: DeploymentOptions = {}): Promise<Deployment> {
    const database = await InstanceDatabase.create(options.server ?? 'postgres');
    const port = (await options.databasePort?.(database)) ?? database.options.port;
    const deployment = new Deployment(database, port, options.mpesa ?? {}, options.redis ?? null);
    await deployment.emulator.listen();
    return deployment;
  }

  async start({ handlers: hasHandlers = true } = {}): Promise<Instance> {
    const instance = new Instance({
      library: builtLibrary(),
      database: {
        ...this.database.options,
        port: this.databasePort,
        poolSize: 6,
      },
      mpesa: {
        ...MPESA_OPTIONS,
        ...EMULATOR_ACCOUNT,
        ...this.mpesa,
        baseUrl: this.emulator.baseUrl,
      },
      redis: this.redis,
      handlers: hasHandlers,
    });
    this.instances.push(instance);
    await instance.start();
    // What is told before is delivered as well, but up to a minute later.
    const known = 'FROM mpesa_handler';
    if (hasHandlers) await until(async () => (await this.database.count(known)) > 0, 30_000);
    return instance;
  }

  /** A push of an order and a phone of its own; its reference tells prompts apart. */
  aPush(change: Partial<StkPushInput> = {}): StkPushInput {
    this.pushes += 1;
    return {
      phoneNumber: `2547${String(this.pushes).padStart(8, '0')}`,
      amount: 100,
      accountReference: `P-${this.pushes}`,
      transactionDesc: 'Subscription',
      orderId: `order-${this.pushes}`,
      ...change,
    };
  }

  /** The prompts that a push caused, by its reference. */
  promptsOf({ accountReference }: Pick<StkPushInput, 'accountReference'>): EmulatorPrompt[] {
    return [...this.emulator.prompts.values()].filter(
      (prompt) => prompt.accountReference === accountReference,
    );
  }

  /** The references of the pushes that Daraja was asked for, whatever it answered. */
  pushesReceived(): string[] {
    return this.emulator.received
      .filter(({ path }) => path.endsWith('/processrequest'))
      .map(({ body }) => String((body as { AccountReference?: unknown } | null)?.AccountReference));
  }

  /** Resolves when no attempt is on its way and no event waits for a handler that there is. */
  async settled(withinMs = 120_000): Promise<void> {
    let left: object[] = [];
    const isAtRest = async () => {
      left = await this.database.query(OPEN);
      return left.length === 0;
    };
    await until(isAtRest, withinMs).catch(() => {
      const output = this.instances.map((instance) => instance.output.slice(-2_000)).join('\n--\n');
      throw new Error(`Not at rest after ${withinMs} ms: ${JSON.stringify(left)}\n${output}`);
    });
  }

  async close(): Promise<void> {
    await this.emulator.close();
    await Promise.all(
      this.instances.filter(({ isRunning }) => isRunning).map((instance) => instance.kill()),
    );
    await this.database.drop();
  }

  /** Instances take turns, as behind a load balancer. */
  private deliver(delivery: CallbackDelivery): Promise<unknown> {
    const running = this.instances.filter(({ isRunning, port }) => isRunning && port > 0);
    const instance = running[this.turn % running.length];
    this.turn += 1;
    if (!instance) return Promise.reject(new Error('No instance is running'));
    const url = new URL(delivery.url);
    url.port = String(instance.port);
    return postCallback({ ...delivery, url: url.href });
  }
}

/** A story on a deployment of its own, as the function of a test. */
export const onDeployment =
  (story: (deployment: Deployment) => Promise<void>, options: DeploymentOptions = {}) =>
  async (): Promise<void> => {
    const deployment = await Deployment.create(options);
    try {
      await story(deployment);
    } finally {
      await deployment.close();
    }
  };
