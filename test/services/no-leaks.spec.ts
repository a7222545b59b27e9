import { inspect } from 'node:util';
import { jest } from '@jest/globals';
import {
  Body,
  ConsoleLogger,
  Controller,
  Injectable,
  Module,
  Post,
  type Type,
} from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { TypeOrmModule } from '@nestjs/typeorm';
import { STK_EVENTS } from '../../lib/attempts/events/stk-events.js';
import type { StkEventClass } from '../../lib/attempts/events/stk-event.js';
import { AccessTokens } from '../../lib/daraja/access-tokens.js';
import {
  AttemptStore,
  getMpesaOptionsToken,
  MpesaExceptionFilter,
  MpesaModule,
  MpesaValidationPipe,
  OnStkEvent,
  redactUrl,
  StkAdminService,
  StkPushDto,
  StkService,
  type MpesaModuleOptions,
  type ResolvedMpesaOptions,
  type StkAttempt,
  type StkEvent,
} from '../../lib/index.js';
import { DarajaEmulator, stkCallback, type EmulatorScenarioName } from '../../lib/testing.js';
import { mpesaEntities, mpesaMigrations, typeOrmPersistence } from '../../lib/typeorm.js';
import { MpesaOpenTelemetry } from '../../lib/opentelemetry.js';
import { HTTP_PLATFORMS } from '../support/http-platforms.js';
import { Observed } from '../support/observed.js';
import { until } from '../support/until.js';
import { DATABASES } from './support/test-databases.js';

const ACCOUNT = {
  consumerKey: 'gX7kqPz2LmVb94Tn',
  consumerSecret: 'wR3t.Yh8u!Jk5',
  shortCode: '600123',
  passKey: 'e0c893059b10f78e6b72ada1ed2c919bfb279f9aa9bdbcf158e97dd71a467cd2',
};
const PHONE = '254798765432';
const ENCRYPTION_KEY = Buffer.from('a key of thirty-two bytes, as is').toString('base64');

const SCENARIOS: EmulatorScenarioName[] = [
  'paid',
  'cancelled',
  'success-then-failure',
  'failure-then-success',
  'callback-before-response',
  'lost-response',
  'reset-before-body',
  'cut-response',
  'stalled-response',
  'wrong-credentials',
  'subscriber-locked',
  'spike-arrest',
  'no-product',
  'soap-fault',
  'html-200',
  'token-revoked',
  'rings',
];

/** All that is put out, in every form that a log or a debugger may give it. */
class Output {
  readonly shown = new Set<string>();
  /** For the application: what it logs is taken with all that was given to the logger. */
  readonly logger = new ConsoleLogger({ colors: false });

  constructor() {
    for (const level of ['log', 'warn', 'error', 'debug', 'verbose', 'fatal'] as const) {
      this.logger[level] = (...parts: unknown[]) => {
        for (const part of parts) this.take(part);
      };
    }
  }

  take(value: unknown): void {
    this.shown.add(String(value)).add(inspect(value, { depth: null, showHidden: true }));
    this.shown.add(JSON.stringify([value]));
    if (value instanceof Error) this.shown.add(value.message).add(String(value.stack));
  }

  /** Takes what the call comes to, an error as well. */
  async of<T>(call: Promise<T>): Promise<T | undefined> {
    try {
      const result = await call;
      this.take(result);
      return result;
    } catch (error) {
      this.take(error);
      return undefined;
    }
  }

  leaksOf(secrets: ReadonlyMap<string, string>): string[] {
    const all = [...this.shown].join('\n');
    return [...secrets].flatMap(([name, secret]) => {
      const at = all.indexOf(secret);
      return at < 0 ? [] : [`${name} in: ${all.slice(Math.max(0, at - 200), at + 200)}`];
    });
  }
}

@Injectable()
class FailingHandlers {
  static readonly output = new Output();
  static readonly seeds = new Map<string, string>();

  @OnStkEvent(...(STK_EVENTS as [StkEventClass, ...StkEventClass[]]))
  fail(event: StkEvent): void {
    FailingHandlers.output.take(event);
    const text = [...FailingHandlers.seeds]
      .map(([name, seed]) => `${name}=${seed}`)
      .join('\n    at ');
    throw Object.assign(
      new Error(`Told ${event.type} to postgres://shop:${ACCOUNT.passKey}@db ${text}`),
      {
        config: ACCOUNT,
      },
    );
  }
}

@Controller('checkout')
class CheckoutController {
  constructor(private readonly stk: StkService) {}

  @Post()
  pay(@Body(MpesaValidationPipe) body: StkPushDto): Promise<StkAttempt> {
    return this.stk.push(body);
  }
}

@Module({
  controllers: [CheckoutController],
  providers: [FailingHandlers, { provide: APP_FILTER, useClass: MpesaExceptionFilter }],
})
class ShopModule {}

/** Everything that this process writes, until `end()`. */
function watchProcess(output: Output): { end: () => void } {
  const spies = [process.stdout, process.stderr].map((stream) =>
    jest.spyOn(stream, 'write').mockImplementation((chunk: unknown) => {
      output.shown.add(String(chunk));
      return true;
    }),
  );
  return {
    end: () => {
      for (const spy of spies) spy.mockRestore();
    },
  };
}

const [express, fastify] = HTTP_PLATFORMS;
const databaseOf = (type: string) => DATABASES.find((database) => database.type === type)!;
const RUNS = [
  [...express!, databaseOf('sqljs')],
  [...fastify!, databaseOf('postgres')],
] as const;

for (const [platform, adapter, database] of RUNS) {
  database.describe(`a run on ${platform} and ${database.name}`, () => {
    it('puts no secret and no whole number out, whatever happens', async () => {
      const output = new Output();
      const observed = new Observed();
      FailingHandlers.output.shown.clear();
      let traced = new Set<string>();
      const created = await database.create();
      const emulator = new DarajaEmulator({ credentials: ACCOUNT, seed: 5 });
      const baseUrl = await emulator.listen();
      const stdio = watchProcess(output);
      const secrets = new Map<string, string>([
        ...Object.entries(ACCOUNT).filter(([name]) => name !== 'shortCode'),
        ['encryption key', ENCRYPTION_KEY],
        ['phone', PHONE.slice(3)],
        [
          'basic',
          Buffer.from(`${ACCOUNT.consumerKey}:${ACCOUNT.consumerSecret}`).toString('base64'),
        ],
      ]);
      try {
        const options: MpesaModuleOptions = {
          environment: 'sandbox',
          ...ACCOUNT,
          baseUrl,
          callbackUrl: 'http://127.0.0.1:9/stk/callback',
          reconciliation: { minIntervalMs: 1 },
          privacy: { encryptionKey: ENCRYPTION_KEY },
          telemetry: new MpesaOpenTelemetry(),
          events: { tries: 2, firstDelayMs: 1 },
          http: { headersTimeoutMs: 300, bodyTimeoutMs: 300, totalTimeoutMs: 600 },
        };
        const start = async () => {
          const app = await Test.createTestingModule({
            imports: [
              TypeOrmModule.forRoot({
                ...created.options,
                entities: mpesaEntities({ type: database.type }),
                migrations: mpesaMigrations(),
                migrationsRun: true,
                retryAttempts: 0,
              }),
              MpesaModule.forRootAsync({
                isGlobal: true,
                useFactory: () => options,
                persistence: typeOrmPersistence(),
              }),
              ShopModule,
            ],
          })
            .setLogger(output.logger)
            .compile();
          return app.createNestApplication(adapter()).init();
        };

        // Boot errors: each credential where another option belongs, and with a line end behind it.
        for (const wrong of Object.keys(options)) {
          for (const secret of [ACCOUNT.passKey, `${ACCOUNT.consumerSecret}\n`, PHONE]) {
            const module = MpesaModule.forRootAsync({
              useFactory: () => ({ ...options, [wrong]: secret }),
            });
            const boot = Test.createTestingModule({ imports: [module] }).setLogger(output.logger);
            await output.of(boot.compile().then((app) => app.close()));
          }
        }

        const app = await start();
        await app.listen(0, '127.0.0.1');
        const url = (await app.getUrl()).replace('[::1]', '127.0.0.1');
        const get = <T>(type: Type<T> | (abstract new () => T)) =>
          app.get<T>(type, { strict: false });
        const [stk, admin, store] = [get(StkService), get(StkAdminService), get(AttemptStore)];
        const resolved = app.get<ResolvedMpesaOptions>(getMpesaOptionsToken());
        output.take(resolved);
        const token = await get(AccessTokens).get(resolved.account);
        secrets.set('access token', token);
        const note = (callbackUrl: string) => {
          const segment = new URL(callbackUrl).pathname.split('/').pop()!;
          secrets.set(`callback token ${secrets.size}`, segment);
          output.take(redactUrl(callbackUrl));
          return segment;
        };
        const passwords = () =>
          emulator.received.flatMap(({ body }) => {
            const { Password } = (body ?? {}) as { Password?: string };
            return Password ? [Password] : [];
          });
        const syncSeeds = () => {
          for (const [index, password] of passwords().entries()) {
            secrets.set(`Password ${index}`, password);
          }
          for (const prompt of emulator.prompts.values()) note(prompt.callbackUrl);
          for (const [name, secret] of [...secrets].slice(0, 12))
            FailingHandlers.seeds.set(name, secret);
        };
        syncSeeds();

        // What Daraja may say back, with all of it in the text.
        const everything = () => [...FailingHandlers.seeds.values(), PHONE].join(' ');
        const echoes = [400, 401, 404, 429, 500, 503].flatMap((status) => [
          {
            status,
            body: JSON.stringify({
              requestId: everything(),
              errorCode: '400.002.02',
              errorMessage: `Invalid ${everything()}`,
            }),
          },
          { status, body: `<html><body>${everything()}</body></html>` },
        ]);
        const push = { amount: 100, accountReference: 'INV-001', transactionDesc: 'Subscription' };
        const attempts: StkAttempt[] = [];
        const pay = async (orderId: string) => {
          const attempt = await output.of(stk.push({ ...push, phoneNumber: PHONE, orderId }));
          if (attempt) attempts.push(attempt);
          syncSeeds();
          return attempt;
        };
        const headers = { 'content-type': 'text/html' };
        for (const [index, echo] of echoes.entries()) {
          emulator.next({ push: { answer: { ...echo, headers } as never } });
          await pay(`echo-${index}`);
        }
        for (const name of SCENARIOS) {
          emulator.next(name);
          await pay(`scenario-${name}`);
        }
        for (const body of echoes) {
          emulator.revokeTokens();
          emulator.nextToken({ ...body, headers });
          await pay(`token-${body.status}`);
        }

        // Callers' mistakes, over HTTP and in the process.
        const post = async (path: string, body: unknown) => {
          const answer = await fetch(`${url}${path}`, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: typeof body === 'string' ? body : JSON.stringify(body),
          });
          output.take([answer.status, ...answer.headers, await answer.text()]);
        };
        for (const field of ['phoneNumber', 'amount', 'accountReference', 'transactionDesc', 'x']) {
          for (const seed of FailingHandlers.seeds.values()) {
            const wrong = { ...push, phoneNumber: PHONE, [field]: `${seed} ${PHONE}` };
            await post('/checkout', wrong);
            await output.of(stk.push(wrong as never));
          }
        }
        await post('/checkout', { ...push, phoneNumber: PHONE, orderId: 'http' });
        await post('/checkout', { ...push, phoneNumber: PHONE, orderId: 'http' });
        await output.of(stk.push({ ...push, phoneNumber: PHONE, idempotencyKey: 'key' }));
        await output.of(
          stk.push({ ...push, phoneNumber: PHONE, idempotencyKey: 'key', amount: 2 }),
        );
        const prepared = await output.of(
          stk.prepare({ ...push, phoneNumber: PHONE, orderId: 'prepared' }),
        );
        await output.of(stk.send(prepared!.id));
        await output.of(stk.send(PHONE));
        await output.of(stk.waitFor(prepared!.id, { timeoutMs: 5 }));
        syncSeeds();

        // Callbacks: honest, forged, malformed, to tokens that exist and that do not.
        const mine = [...emulator.prompts.values()].at(-1)!;
        const ids = { checkoutRequestId: mine.id, merchantRequestId: mine.merchantRequestId };
        const path = `/stk/callback/${note(mine.callbackUrl)}`;
        const paid = { ...ids, amount: 100, phoneNumber: PHONE };
        for (const body of [
          `{"phone":"${PHONE}","key":"${ACCOUNT.passKey}"`,
          { Body: PHONE },
          stkCallback.success({ ...paid, amount: 1 }),
          stkCallback.success({
            ...paid,
            checkoutRequestId: `ws_CO_2409202612${PHONE.slice(3)}`,
          }),
          stkCallback.success(paid),
          stkCallback.failure(1032, ids),
        ]) {
          await post(path, body);
          await post(`/stk/callback/${'A'.repeat(43)}`, body);
          await post(`/stk/callback/${PHONE}`, body);
        }

        // Queries, reads, and what people look at.
        const { checkoutRequestId } = attempts.find((attempt) => attempt.checkoutRequestId)!;
        await output.of(stk.query({ checkoutRequestId: checkoutRequestId! }));
        await output.of(stk.query({ checkoutRequestId: PHONE }));
        for (const { id, orderId } of attempts.slice(0, 40)) {
          await output.of(stk.reconcile(id));
          await output.of(admin.history(id));
          await output.of(stk.findByOrder(orderId!));
        }
        await until(async () => (await admin.deadEvents(10)).length === 10, 60_000);
        output.take(await admin.deadEvents(500));
        output.take(await admin.list({ limit: 500 }));
        const asked = { by: 'ada', reason: `Asked for by ${PHONE}` };
        await output.of(admin.erasePersonalData(PHONE, asked));
        await output.of(stk.purge({ olderThan: new Date() }));

        // A store that fails with all that it was given.
        const failure = Object.assign(new Error(`INSERT failed: ${everything()}`), {
          parameters: [PHONE, ACCOUNT.passKey],
        });
        for (const method of ['settle', 'quarantine', 'open', 'claimEvents'] as const) {
          jest.spyOn(store, method).mockRejectedValue(failure);
        }
        await post(path, stkCallback.success(paid));
        await post('/checkout', { ...push, phoneNumber: PHONE, orderId: 'store' });
        await output.of(stk.push({ ...push, phoneNumber: PHONE, orderId: 'store' }));
        await output.of(stk.reconcile(attempts[0]!.id));
        jest.restoreAllMocks();
        output.take(await observed.points());
        await app.close();
        for (const { name, attributes, links, events, status } of observed.spans) {
          output.take({ name, attributes, links, events, status });
        }
        traced = new Set(observed.names);
      } finally {
        stdio.end();
        jest.restoreAllMocks();
        await observed.end();
        await emulator.close();
        await created.drop();
      }
      for (const text of FailingHandlers.output.shown) output.shown.add(text);
      expect(output.leaksOf(secrets)).toEqual([]);
      const spans = ['stk.push', 'stk.callback', 'stk.reconcile', 'daraja.push', 'daraja.token'];
      expect(spans.filter((name) => !traced.has(name))).toEqual([]);
      // The run was one: it saw refusals, handlers that failed, callbacks that were not stored.
      const all = [...output.shown].join('\n');
      const signs = [
        'StkRejectedError',
        'DarajaAuthError',
        'DarajaThrottledError',
        'MpesaConfigError',
        'StkInvalidInputError',
        'StkStoreUnavailableError',
        'FailingHandlers.fail for',
        'it is parked',
        'answered 503',
        'quarantined',
        '2547*****432',
      ];
      expect(signs.filter((sign) => !all.includes(sign))).toEqual([]);
    }, 180_000);
  });
}
