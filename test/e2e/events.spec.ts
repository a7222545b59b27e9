import { Controller, Injectable, Post, Scope, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { AttemptStore } from '../../lib/attempts/attempt-store.js';
import { SystemClock } from '../../lib/attempts/clock.js';
import { StkCompleted } from '../../lib/attempts/events/stk-completed.event.js';
import { InMemoryAttemptStore } from '../../lib/attempts/in-memory-attempt.store.js';
import { OnStkEvent } from '../../lib/events/on-stk-event.decorator.js';
import { MpesaConfigError } from '../../lib/mpesa-config.error.js';
import {
  commitEvent,
  deferred,
  eventsMetadata,
  LogBook,
  until,
  type EventsAppOptions,
} from '../unit/events/events-app.js';

@Injectable()
class Checkout {
  readonly story: string[] = [];
  work: () => unknown = () => undefined;

  @OnStkEvent(StkCompleted)
  async paid(event: StkCompleted): Promise<void> {
    this.story.push(`begins ${event.type}`);
    await this.work();
    this.story.push(`ends ${event.type}`);
  }

  onApplicationShutdown(): void {
    this.story.push('connections are closed');
  }
}

@Controller('pay')
class PayController {
  constructor(
    private readonly store: AttemptStore,
    private readonly checkout: Checkout,
  ) {}

  @Post()
  async pay(): Promise<string> {
    await commitEvent(this.store);
    this.checkout.story.push('answers');
    return 'accepted';
  }
}

const metadata = (options: EventsAppOptions) => {
  const clock = new SystemClock();
  return eventsMetadata(clock, new InMemoryAttemptStore(clock), options);
};

const adapters = [
  ['Express', () => new ExpressAdapter()],
  ['Fastify', () => new FastifyAdapter()],
] as const;

describe.each(adapters)('events in an application on %s', (_name, adapter) => {
  let app: INestApplication;
  const logs = new LogBook();

  async function createApp(options: EventsAppOptions): Promise<void> {
    const module = await Test.createTestingModule(metadata(options)).setLogger(logs).compile();
    app = module.createNestApplication(adapter());
  }

  afterEach(() => app.close());

  it('are handled after the answer that they come from, and before the connections close', async () => {
    await createApp({ providers: [Checkout], controllers: [PayController] });
    await app.listen(0, '127.0.0.1');
    const checkout = app.get(Checkout);
    const gate = deferred();
    checkout.work = () => gate.promise;

    const answer = await fetch(`${await app.getUrl()}/pay`, { method: 'POST' });
    expect(await answer.text()).toBe('accepted');
    await until(() => checkout.story.length === 2);
    const closing = app.close();
    gate.resolve();
    await closing;

    expect(checkout.story).toEqual([
      'answers',
      'begins stk.completed',
      'ends stk.completed',
      'connections are closed',
    ]);
  });

  it('are tried again by the machine’s own clock', async () => {
    await createApp({ providers: [Checkout], settings: { firstDelayMs: 1 } });
    await app.init();
    const checkout = app.get(Checkout);
    checkout.work = () => {
      if (checkout.story.length === 1) throw new Error('once');
    };
    await commitEvent(app.get(AttemptStore));
    await until(() => checkout.story.length === 3);
    expect(checkout.story.at(-1)).toBe('ends stk.completed');
  });

  it('warn at the start of money that would go unnoticed', async () => {
    await createApp({ providers: [Checkout] });
    await app.init();
    expect(logs.of('warn').at(-1)).toMatch(
      /StkCompleted is handled, but not StkCompletedLate, StkDuplicatePayment, StkNeedsReview/,
    );
  });

  it('stop the start where a handler cannot be one, also without background work', async () => {
    @Injectable({ scope: Scope.REQUEST })
    class PerRequest {
      @OnStkEvent(StkCompleted)
      paid(): void {}
    }
    const twin = { provide: 'TWIN', useValue: new Checkout() };
    await createApp({ providers: [Checkout, twin, PerRequest], settings: { background: false } });
    const error: unknown = await app.init().catch((thrown: unknown) => thrown);
    expect(MpesaConfigError.is(error)).toBe(true);
    expect(String(error)).toMatch(
      /PerRequest\.paid: is request-scoped[^]*Checkout\.paid: 2 handlers/,
    );
  });
});

describe('events in a standalone application', () => {
  it('are handled without any HTTP adapter', async () => {
    const root = { module: class Worker {}, ...metadata({ providers: [Checkout] }) };
    const app = await NestFactory.createApplicationContext(root, { logger: new LogBook() });
    const checkout = app.get(Checkout);
    await commitEvent(app.get(AttemptStore));
    await until(() => checkout.story.includes('ends stk.completed'));
    await app.close();
    expect(checkout.story).toHaveLength(3);
  });
});
