import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { jest } from '@jest/globals';
import { Body, Controller, Injectable, type INestApplication, Post } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { IncomingMessage, ServerResponse } from 'node:http';
import request from 'supertest';
import {
  AttemptStore,
  MPESA_METRICS,
  MpesaModule,
  OnStkEvent,
  StkCallbackService,
  StkCompleted,
  StkPrompted,
  StkPushDto,
  StkService,
} from '../../lib/index.js';
import { MpesaOpenTelemetry } from '../../lib/opentelemetry.js';
import { DarajaEmulator, EMULATOR_ACCOUNT } from '../../lib/testing.js';
import { Observed } from '../support/observed.js';
import { aPush, testingApp } from '../support/testing-app.js';
import { until } from '../support/until.js';

let observed: Observed;
let closing: (() => Promise<unknown>)[];
beforeEach(() => {
  observed = new Observed();
  closing = [() => observed.end()];
});
afterEach(async () => {
  for (const close of closing.reverse()) await close();
});

@Injectable()
class Fulfilment {
  @OnStkEvent(StkCompleted)
  paid(): Promise<void> {
    // What a handler does, as an instrumented library shows it.
    return trace.getTracer('shop').startActiveSpan('UPDATE shop_order', async (span) => {
      await Promise.resolve();
      span.end();
    });
  }

  @OnStkEvent(StkPrompted)
  prompted(): void {
    throw new TypeError('the customer 254712345678 is not known');
  }
}

@Controller('checkout')
class CheckoutController {
  constructor(private readonly stk: StkService) {}

  @Post()
  async pay(@Body() body: StkPushDto) {
    const { id } = await this.stk.push(body);
    return { id };
  }
}

/** What the instrumentation of HTTP does. */
function serverSpan({ method, url }: IncomingMessage, response: ServerResponse, next: () => void) {
  const name = `${method} ${url?.startsWith('/stk') ? '/stk/callback/:token' : url}`;
  const span = trace.getTracer('http').startSpan(name, { kind: SpanKind.SERVER });
  response.on('finish', () => {
    span.end();
  });
  context.with(trace.setSpan(context.active(), span), next);
}

async function shop(): Promise<{ app: INestApplication; emulator: DarajaEmulator }> {
  const emulator = new DarajaEmulator({ seed: 1 });
  const baseUrl = await emulator.listen();
  closing.push(() => emulator.close());
  const port = await freePort();
  const module = await Test.createTestingModule({
    imports: [
      MpesaModule.forRoot({
        environment: 'sandbox',
        ...EMULATOR_ACCOUNT,
        baseUrl,
        callbackUrl: `http://127.0.0.1:${port}/stk/callback`,
        telemetry: new MpesaOpenTelemetry(),
        events: { tries: 1 },
      }),
    ],
    controllers: [CheckoutController],
    providers: [Fulfilment],
  }).compile();
  const app = module.createNestApplication({ logger: false });
  app.use(serverSpan);
  closing.push(() => app.close());
  await app.listen(port, '127.0.0.1');
  return { app, emulator };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** By name: the names of the spans above it. */
function ancestry(): Record<string, string[]> {
  const byId = new Map(observed.spans.map((span) => [span.spanContext().spanId, span]));
  const above = (span: (typeof observed.spans)[number]): string[] => {
    const parent = byId.get(span.parentSpanContext?.spanId ?? '');
    return parent ? [parent.name, ...above(parent)] : [];
  };
  return Object.fromEntries(observed.spans.map((span) => [span.name, above(span)]));
}

describe('the trace of a payment', () => {
  it('runs from the request over the push and the callback to the handlers', async () => {
    const { app, emulator } = await shop();
    const { body, status } = await request(app.getHttpServer()).post('/checkout').send(aPush());
    expect(status).toBe(201);
    await until(() => emulator.prompts.size === 1);
    const [prompt] = emulator.prompts.values();
    emulator.approve(prompt!.id);
    await until(() => observed.names.includes('stk.handler Fulfilment.paid'));
    await until(() => observed.names.includes('POST /stk/callback/:token'));

    const pushed = ['stk.push', 'POST /checkout'];
    expect(ancestry()).toEqual({
      'POST /checkout': [],
      'stk.push': ['POST /checkout'],
      'daraja.token': pushed,
      'daraja.push': pushed,
      'stk.handler Fulfilment.prompted': pushed,
      'POST /stk/callback/:token': [],
      'stk.callback': pushed,
      'stk.handler Fulfilment.paid': pushed,
      'UPDATE shop_order': ['stk.handler Fulfilment.paid', ...pushed],
    });
    const trail = observed.spans.filter(({ name }) => !name.startsWith('POST /stk'));
    expect(new Set(trail.map((span) => span.spanContext().traceId)).size).toBe(1);
    // Safaricom's own request is a trace by itself, to which the callback's span leads.
    expect(observed.span('stk.callback').links.map((link) => link.context.spanId)).toEqual([
      observed.span('POST /stk/callback/:token').spanContext().spanId,
    ]);
    expect(observed.span('stk.push').attributes).toEqual({
      'mpesa.attempt.id': body.id,
      'mpesa.status': 'pending',
    });
    expect(observed.span('stk.callback').attributes).toEqual({
      'mpesa.attempt.id': body.id,
      'mpesa.status': 'completed',
      'mpesa.disposition': 'applied',
    });
    expect(observed.span('daraja.push').attributes).toEqual({
      'mpesa.endpoint': 'push',
      'http.request.method': 'POST',
      'server.address': '127.0.0.1',
      'http.response.status_code': 200,
    });
    const failed = observed.span('stk.handler Fulfilment.prompted');
    expect(failed.status).toEqual({ code: SpanStatusCode.ERROR });
    expect(failed.events).toEqual([]);
    expect(failed.attributes).toMatchObject({ 'error.type': 'TypeError', 'mpesa.try': 1 });
  });

  it('goes on over the two halves of a push, in another request, and over a look', async () => {
    const { stk, mpesa, close } = await testingApp({ telemetry: new MpesaOpenTelemetry() });
    closing.push(close);
    const tracer = trace.getTracer('http');
    const within = <T>(name: string, work: () => Promise<T>) =>
      tracer.startActiveSpan(name, (span) =>
        work().finally(() => {
          span.end();
        }),
      );
    const { id } = await within('first', () => stk.prepare(aPush()));
    await within('second', () => stk.send(id));
    await mpesa.clock.advance(20_000);
    await stk.reconcile(id);
    await mpesa.settleAll();
    const prepared = ['stk.prepare', 'first'];
    expect(ancestry()).toMatchObject({
      'stk.send': prepared,
      'stk.look': prepared,
      'stk.reconcile': prepared,
      'daraja.push': ['stk.send', ...prepared],
    });
    expect(observed.span('stk.send').links.map((link) => link.context.spanId)).toEqual([
      observed.span('second').spanContext().spanId,
    ]);
  });

  it('is left out of an attempt where nothing is traced, or what is kept is no trace', async () => {
    const { app, stk, mpesa, ledger, close } = await testingApp();
    closing.push(close);
    const store = app.get(AttemptStore, { strict: false });
    const attempt = await trace.getTracer('http').startActiveSpan('request', (span) =>
      stk.push(aPush()).finally(() => {
        span.end();
      }),
    );
    await mpesa.approve(attempt);
    await mpesa.settleAll();
    expect(ledger.of(attempt.id)).toContain('completed');
    expect(await store.find(attempt.id)).toMatchObject({ traceparent: null });
    expect(observed.names).toEqual(['request']);
    const telemetry = new MpesaOpenTelemetry();
    for (const continues of ['', '00-zz-zz-01', `00-${'0'.repeat(32)}-${'0'.repeat(16)}-01`]) {
      const start = { name: 'alone', kind: 'internal', continues } as const;
      expect(await telemetry.span(start, () => Promise.resolve(telemetry.traceparent()))).toMatch(
        /^00-[\da-f]{32}-[\da-f]{16}-01$/,
      );
    }
  });
});

@Injectable()
class Failing {
  @OnStkEvent(StkPrompted, { id: 'failing' })
  prompted(): never {
    throw new Error('for good');
  }
}

describe('the metrics', () => {
  it('each move', async () => {
    const { app, stk, mpesa, close } = await testingApp(
      { telemetry: new MpesaOpenTelemetry(), events: { tries: 1 } },
      [Failing],
    );
    closing.push(close);
    const store = app.get(AttemptStore, { strict: false });
    const value = async (metric: keyof typeof MPESA_METRICS, attributes: object) => {
      const points = (await observed.points()).get(metric) ?? [];
      const found = points.find((point) => {
        const wanted = Object.entries(attributes);
        return wanted.every(([name, each]) => point.attributes[name] === each);
      });
      const measured = found?.value;
      return typeof measured === 'object' ? measured.count : measured;
    };

    // Paid, cancelled, lost and found by a look.
    await mpesa.approve(await stk.push(aPush()));
    await mpesa.cancel(await stk.push(aPush({ phoneNumber: '0712000001' })));
    mpesa.emulator.next('lost-callback');
    await stk.push(aPush({ phoneNumber: '0712000002' }));
    await mpesa.settleAll();
    expect(await value('mpesa.attempt.unresolved.age', {})).toBe(0);
    await mpesa.clock.advance(4_000);
    expect(await value('mpesa.attempt.unresolved.age', {})).toBe(4);
    await mpesa.clock.advance(20_000);
    await app.get(StkCallbackService, { strict: false }).receive({
      token: 'A'.repeat(43),
      body: {},
      sourceIp: '127.0.0.1',
    });
    expect(await value('mpesa.attempts', { 'mpesa.status': 'created' })).toBe(3);
    expect(await value('mpesa.attempts', { 'mpesa.status': 'pending' })).toBe(3);
    expect(await value('mpesa.attempts', { 'mpesa.status': 'completed' })).toBe(2);
    const cancelled = { 'mpesa.status': 'failed', 'mpesa.reason': 'cancelled' };
    expect(await value('mpesa.attempts', cancelled)).toBe(1);
    const answered = { 'http.response.status_code': 200 };
    for (const [endpoint, calls] of Object.entries({ token: 1, push: 3, query: 1 })) {
      const call = { 'mpesa.endpoint': endpoint, ...answered };
      expect([endpoint, await value('mpesa.daraja.duration', call)]).toEqual([endpoint, calls]);
    }
    expect(await value('mpesa.token.refreshes', { 'mpesa.outcome': 'given' })).toBe(1);
    expect(await value('mpesa.query.budget', { 'mpesa.budget': 'taken' })).toBe(1);
    expect(await value('mpesa.callback.lag', { 'mpesa.status': 'completed' })).toBe(1);
    const problem = { 'mpesa.problem': 'malformed' };
    expect(await value('mpesa.callbacks.quarantined', problem)).toBe(1);
    const failing = { 'mpesa.handler': 'failing', 'mpesa.outcome': 'failed' };
    expect(await value('mpesa.handler.duration', failing)).toBe(3);
    expect(await value('mpesa.handler.duration', { 'mpesa.handler': 'Ledger.record' })).toBe(3);
    expect(await value('mpesa.events.dead', {})).toBe(3);

    expect(await value('mpesa.circuits.open', {})).toBe(0);
    // Past the window of the circuit breaker.
    await mpesa.clock.advance(30_000);
    for (let failed = 0; failed < 10; failed += 1) {
      mpesa.emulator.next('html-503');
      await stk.push(aPush({ phoneNumber: `071300000${failed}` }));
    }
    expect(await value('mpesa.circuits.open', {})).toBe(1);
    expect(await value('mpesa.outbox.lag', {})).toBe(0);
    await store.subscribe(new Map([['stk.outcome-unknown', ['Former.handler']]]));
    await mpesa.clock.advance(2_000);
    expect(await value('mpesa.outbox.lag', {})).toBe(2);

    const moved = [...(await observed.points()).keys()].filter((name) => name.startsWith('mpesa.'));
    expect(moved.sort()).toEqual(Object.keys(MPESA_METRICS).sort());
  });

  it('are collected while the store does not answer, and read no more after the end', async () => {
    const { app, close } = await testingApp({ telemetry: new MpesaOpenTelemetry() });
    const store = app.get(AttemptStore, { strict: false });
    const lag = jest.spyOn(store, 'lag').mockRejectedValue(new Error('away'));
    // Fails where a gauge does.
    expect([...(await observed.points()).keys()]).toEqual(['mpesa.circuits.open']);
    expect(lag).toHaveBeenCalledTimes(1);
    await close();
    await observed.points();
    expect(lag).toHaveBeenCalledTimes(1);
  });
});
