import { hashCallbackToken, drawCallbackToken } from '../../../lib/attempts/callback-token.js';
import type { AttemptRecord } from '../../../lib/attempts/attempt-record.js';
import type { AttemptStore } from '../../../lib/attempts/attempt-store.js';
import type { InMemoryAttempts } from '../../../lib/attempts/in-memory-attempts.js';
import { InMemoryAttemptStore } from '../../../lib/attempts/in-memory-attempt.store.js';
import type { HttpCall } from '../../../lib/daraja/daraja-http.js';
import type { HttpResult } from '../../../lib/daraja/http-result.js';

import { InProcessRateLimiter } from '../../../lib/daraja/in-process-rate-limiter.js';
import type { MpesaModuleOptions, StkEvent } from '../../../lib/index.js';
import { atRest } from '../../../lib/testing/fake-clock.js';
import { stkCallback } from '../../../lib/testing.js';
import { Chance } from './chance.js';
import { Invariants } from './invariants.js';
import { LeasingTokenStore } from './leasing-token-store.js';
import { SimulatedDaraja, type Faults } from './simulated-daraja.js';
import { SimulatedInstance } from './simulated-instance.js';
import { WorldClock } from './world-clock.js';

/** A rule of ours that a test breaks, to see that the simulation notices. */
export interface BrokenRule {
  store?: (store: InMemoryAttemptStore, world: World) => AttemptStore;
  send?: (send: (call: HttpCall) => Promise<HttpResult>) => (call: HttpCall) => Promise<HttpResult>;
  /** Answers before it has stored. */
  answersFirst?: boolean;
}

export interface WorldOptions {
  seed: number;
  payments: number;
  /** For how long customers come, in ms. */
  openMs: number;
  instances?: number;
  mpesa?: Partial<MpesaModuleOptions>;
  broken?: BrokenRule;
}

/** Several instances of an application, their one store, Daraja, customers, and everything that goes wrong. */
export class World {
  readonly clock = new WorldClock();
  readonly chance: Chance;
  readonly tokens = new LeasingTokenStore(this.clock);
  readonly limiter = new InProcessRateLimiter(this.clock);
  readonly store = new InMemoryAttemptStore(this.clock);
  readonly options: Partial<MpesaModuleOptions>;
  readonly daraja: SimulatedDaraja;
  readonly invariants: Invariants;
  readonly handled: StkEvent[] = [];
  /** Callbacks that were answered with 200 and carried an attempt's token: attempt and body. */
  readonly answered: { attemptId: string; body: string }[] = [];
  readonly send: (call: HttpCall) => Promise<HttpResult>;
  private readonly faults: Faults = { level: 1 };
  private readonly instances: SimulatedInstance[] = [];
  private readonly running = new Map<string, SimulatedInstance>();
  private starting: Promise<unknown> = Promise.resolve();
  private started = 0;

  constructor(private readonly setting: WorldOptions) {
    this.chance = new Chance(setting.seed);
    this.options = {
      reconciliation: { expireAfterMs: 120_000, giveUpAfterMs: 900_000 },
      events: { tries: 20, firstDelayMs: 200 },
      ...setting.mpesa,
    };
    this.daraja = new SimulatedDaraja(this.clock, this.chance, this.faults, (token, body) =>
      this.deliver(token, body),
    );
    const send = (call: HttpCall) => this.daraja.send(call);
    this.send = setting.broken?.send?.(send) ?? send;
    this.invariants = new Invariants(this);
    this.daraja.onArrival = (token) => {
      this.invariants.onArrival(token);
    };
  }

  get attempts(): InMemoryAttempts {
    return (this.store as unknown as { attempts: InMemoryAttempts }).attempts;
  }

  attemptOf(token: string): AttemptRecord | null {
    return this.attempts.first('tokenHash', hashCallbackToken(token));
  }

  storeFor(): AttemptStore {
    return this.setting.broken?.store?.(this.store, this) ?? this.store;
  }

  get seed(): number {
    return this.setting.seed;
  }

  /** Whether a process of its own chance dies at a call. */
  crashes(chance: Chance): boolean {
    return chance.happens(0.0002 * this.faults.level);
  }

  storeFails(chance: Chance): boolean {
    return chance.happens(0.002 * this.faults.level);
  }

  /** All of it: customers come, things go wrong, then nothing does any more until all is at rest. */
  async run(healMs: number): Promise<string[]> {
    const { payments, openMs, instances = 2 } = this.setting;
    for (let i = 0; i < instances; i += 1) await this.start();
    for (let i = 0; i < payments; i += 1) {
      this.clock.schedule(() => void this.pay(i), this.chance.between(0, openMs));
    }
    const afterEach = () => {
      this.replaceTheDead();
      return this.starting as Promise<void>;
    };
    await this.clock.runUntil(openMs, async () => {
      await afterEach();
      this.invariants.check();
    });
    this.faults.level = 0;
    await this.clock.runUntil(openMs + healMs, async () => {
      await afterEach();
      this.invariants.check();
    });
    await this.invariants.checkAtRest();
    for (const instance of this.instances) instance.life.stop();
    return this.invariants.broken;
  }

  /** A handler of the application: slow at times, and failing. */
  async handle(instance: SimulatedInstance, event: StkEvent): Promise<void> {
    const other = this.running.get(event.id);
    if (other && !other.life.over) {
      this.invariants.note(`I21: ${event.id} runs on ${other.name} and ${instance.name}`);
    }
    this.running.set(event.id, instance);
    await this.clock.sleep(this.chance.between(0, 300));
    this.running.delete(event.id);
    if (this.chance.happens(0.05 * this.faults.level)) throw new Error('The handler fails');
    this.handled.push(event);
    if (['stk.failed', 'stk.rejected', 'stk.expired'].includes(event.type)) this.again(event);
  }

  private async pay(i: number): Promise<void> {
    const clicks = this.chance.happens(0.1) ? 2 : 1;
    for (let click = 0; click < clicks; click += 1) this.push(`order-${i}`, i);
    if (this.chance.happens(0.1)) {
      await this.clock.sleep(this.chance.between(500, 60_000));
      await this.forge();
    }
  }

  private push(orderId: string, i: number): void {
    const instance = this.oneOf();
    if (!instance) return;
    const input = {
      phoneNumber: `2547${String(i % 100_000_000).padStart(8, '0')}`,
      amount: 1 + (i % 900),
      accountReference: `P-${i}`,
      transactionDesc: 'Subscription',
      orderId,
    };
    // What it is refused with, its caller knows; it may not come back at all.
    instance.stk.push(input).catch(() => undefined);
  }

  /** Some customers try again. */
  private again({ orderId, attemptId }: StkEvent): void {
    if (orderId === null || !this.chance.happens(0.4)) return;
    const i = Number(orderId.split('-')[1]);
    const tried = this.attempts.holding('orderId', orderId).length;
    if (tried >= 3 || !this.attempts.get(attemptId)) return;
    this.clock.schedule(
      () => {
        this.push(orderId, i);
      },
      this.chance.between(100, 5_000),
    );
  }

  /** Somebody who knows the route, and perhaps a URL, posts what he likes. */
  private async forge(): Promise<void> {
    const victim = this.daraja.prompts[Math.floor(this.chance.next() * this.daraja.prompts.length)];
    if (!victim) return;
    const { id: checkoutRequestId, merchantRequestId, amount, token } = victim;
    const success = { checkoutRequestId, merchantRequestId, receipt: 'UKOFORGED1' };
    const forgery = this.chance.pick([
      [1, { token: drawCallbackToken(), body: stkCallback.success({ ...success, amount }) }],
      [1, { token, body: stkCallback.success({ ...success, amount: amount + 1 }) }],
      [1, { token: 'x', body: {} }],
    ]);
    await this.deliver(forgery.token, forgery.body);
  }

  private async deliver(token: string, body: object): Promise<boolean> {
    const instance = this.oneOf();
    if (!instance) return false;
    const raw = JSON.stringify(body);
    const receiving = instance.callbacks.receive({ token, body, rawBody: Buffer.from(raw) }).then(
      () => true,
      () => false,
    );
    const stored = this.setting.broken?.answersFirst
      ? true
      : await Promise.race([receiving, instance.life.ended.then(() => false)]);
    const attempt = this.attemptOf(token);
    if (stored && attempt) this.answered.push({ attemptId: attempt.id, body: raw });
    return stored;
  }

  private oneOf(): SimulatedInstance | undefined {
    const alive = this.instances.filter(({ life }) => !life.over);
    return alive[Math.floor(this.chance.next() * alive.length)];
  }

  private replaceTheDead(): void {
    const dead = this.instances.filter(({ life }) => life.over);
    for (const instance of dead) {
      this.instances.splice(this.instances.indexOf(instance), 1);
      this.clock.schedule(
        () => {
          this.starting = this.start();
        },
        this.chance.between(500, 10_000),
      );
    }
  }

  private async start(): Promise<void> {
    // What is under way comes to rest first: a start takes as long as it takes, and draws nothing meanwhile.
    await atRest();
    this.started += 1;
    this.instances.push(await SimulatedInstance.start(this, `instance ${this.started}`));
    await atRest();
  }
}
