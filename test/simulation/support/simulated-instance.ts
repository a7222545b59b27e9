import { Test } from '@nestjs/testing';
import { AttemptStore } from '../../../lib/attempts/attempt-store.js';
import { Clock } from '../../../lib/attempts/clock.js';
import { MPESA_RANDOM } from '../../../lib/attempts/random.js';
import { AccessTokenStore } from '../../../lib/daraja/access-token-store.js';
import { DarajaHttp } from '../../../lib/daraja/daraja-http.js';
import { RateLimiter } from '../../../lib/daraja/rate-limiter.js';
import {
  MpesaModule,
  OnStkEvent,
  StkCallbackService,
  StkService,
  type MpesaModuleOptions,
  type StkEvent,
} from '../../../lib/index.js';
import { STK_EVENTS } from '../../../lib/attempts/events/stk-events.js';
import type { StkEventClass } from '../../../lib/attempts/events/stk-event.js';
import { EMULATOR_ACCOUNT } from '../../../lib/testing.js';
import { Chance } from './chance.js';
import { Life } from './life.js';
import type { World } from './world.js';

class Handlers {
  constructor(private readonly handle: (event: StkEvent) => Promise<void>) {}

  @OnStkEvent(...(STK_EVENTS as [StkEventClass, ...StkEventClass[]]), { id: 'ledger' })
  record(event: StkEvent): Promise<void> {
    return this.handle(event);
  }
}

/** One process of the application: the module as it is, over the world's store, clock and network. */
export class SimulatedInstance {
  readonly life = new Life();
  stk!: StkService;
  callbacks!: StkCallbackService;

  private constructor(readonly name: string) {}

  static async start(world: World, name: string): Promise<SimulatedInstance> {
    const instance = new SimulatedInstance(name);
    const { life } = instance;
    const chance = new Chance(world.seed, name);
    const crashes = () => world.crashes(chance);
    /** Every call of the port leaves the process. */
    const remote = <T extends object>(port: T, fails: () => boolean): T =>
      new Proxy(port, {
        get: (target, name, receiver) => {
          const member: unknown = Reflect.get(target, name, target);
          if (typeof member !== 'function') return Reflect.get(target, name, receiver);
          return (...given: unknown[]) =>
            life.outside(async () => {
              if (fails()) throw new Error('The store is away');
              const result = await (Reflect.apply(member, target, given) as Promise<unknown>);
              if (fails()) throw new Error('The connection broke after the commit');
              return result;
            }, crashes);
        },
      });
    const clock: Clock = {
      now: () => world.clock.now(),
      monotonic: () => world.clock.monotonic(),
      schedule: (task, ms) =>
        world.clock.schedule(() => {
          if (!life.over) task();
        }, ms),
    };
    const storeFails = () => world.storeFails(chance);
    const options: MpesaModuleOptions = {
      environment: 'sandbox',
      ...EMULATOR_ACCOUNT,
      baseUrl: 'http://127.0.0.1:1',
      callbackUrl: 'https://shop.example/stk/callback',
      ...world.options,
    };
    const moduleRef = await Test.createTestingModule({
      imports: [
        MpesaModule.forRoot({
          ...options,
          callbackController: false,
          persistence: {
            name: 'simulated',
            providers: [
              { provide: AttemptStore, useValue: remote(world.storeFor(), storeFails) },
              { provide: AccessTokenStore, useValue: remote(world.tokens, () => false) },
              { provide: RateLimiter, useValue: remote(world.limiter, storeFails) },
              { provide: Clock, useValue: clock },
              { provide: MPESA_RANDOM, useValue: chance.next },
              {
                provide: DarajaHttp,
                useValue: {
                  send: (call: Parameters<DarajaHttp['send']>[0]) =>
                    life.outside(() => world.send(call), crashes),
                },
              },
            ],
          },
        }),
      ],
      providers: [
        {
          provide: Handlers,
          useValue: new Handlers((event) =>
            life.outside(() => world.handle(instance, event), crashes),
          ),
        },
      ],
    }).compile();
    moduleRef.useLogger(false);
    await moduleRef.init();
    instance.stk = moduleRef.get(StkService, { strict: false });
    instance.callbacks = moduleRef.get(StkCallbackService, { strict: false });
    return instance;
  }
}
