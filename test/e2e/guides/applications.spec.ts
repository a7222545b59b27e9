import { jest } from '@jest/globals';
import { Logger, type DynamicModule, type INestApplication, type Type } from '@nestjs/common';
import { ModulesContainer, NestFactory } from '@nestjs/core';
import request from 'supertest';
import {
  MPESA_OPTIONS,
  MpesaModule,
  mpesaConfig,
  StkService,
  type ResolvedMpesaOptions,
  type StkAttempt,
  type StkPushInput,
} from '../../../lib/index.js';
import { DarajaEmulator, EMULATOR_ACCOUNT } from '../../../lib/testing.js';
import { CompiledBlocks } from '../../support/compiled-blocks.js';
import { emulatedApplication } from '../../support/emulated-application.js';
import { emulatedEnvironment } from '../../support/emulated-environment.js';
import { freePort } from '../../support/free-port.js';
import { moduleOf } from '../../support/module-of.js';
import { RecordingLogger } from '../../support/recording-logger.js';
import { aPush } from '../../support/testing-app.js';
import { until } from '../../support/until.js';

// Processes and applications are started: a busy machine takes its time.
jest.setTimeout(30_000);

const README = new CompiledBlocks('README.md');
const ACCOUNTS = new CompiledBlocks('docs/accounts.md');
const CALLBACKS = new CompiledBlocks('docs/callbacks.md');
const HEALTH = new CompiledBlocks('docs/health.md');
const NUMBERS = new CompiledBlocks('docs/paybill-and-till.md');
const RECIPES = new CompiledBlocks('docs/recipes.md');
const ALL = [README, ACCOUNTS, CALLBACKS, HEALTH, NUMBERS, RECIPES];

describe('the applications of the documents', () => {
  const stage = emulatedApplication();
  let logger: RecordingLogger;

  beforeEach(() => {
    logger = new RecordingLogger();
    Logger.overrideLogger(logger);
  });

  afterEach(() => {
    jest.restoreAllMocks();
    Logger.overrideLogger(true);
  });

  afterAll(() => Promise.all(ALL.map((blocks) => blocks.remove())));

  async function start(module: Type | DynamicModule): Promise<INestApplication> {
    Object.assign(process.env, await emulatedEnvironment(stage.daraja));
    const app = await NestFactory.create(module, { abortOnError: false });
    stage.app = app;
    return app.init();
  }

  const optionsOf = async (module: DynamicModule) =>
    (await start(module)).get<ResolvedMpesaOptions>(MPESA_OPTIONS, { strict: false });

  /** Runs a `main.ts`, which listens on PORT. */
  async function main(blocks: CompiledBlocks) {
    const port = await freePort();
    const environment = await emulatedEnvironment(stage.daraja, port);
    Object.assign(process.env, environment, { PORT: String(port) });
    const created = jest.spyOn(NestFactory, 'create');
    await blocks.load('main');
    const app = (await created.mock.results[0]!.value) as INestApplication;
    stage.app = app;
    return { app, url: `http://127.0.0.1:${port}` };
  }

  it('pay with the account of a branch, and of a tenant', async () => {
    const mombasa = {
      consumerKey: 'mombasa-key',
      consumerSecret: 'mombasa-secret',
      passKey: 'mombasa-pass-key',
      shortCode: '600222',
      tillNumber: '5123457',
    };
    stage.daraja = new DarajaEmulator({ seed: 1, credentials: [{ ...EMULATOR_ACCOUNT }, mombasa] });
    Object.assign(process.env, {
      MOMBASA_KEY: mombasa.consumerKey,
      MOMBASA_SECRET: mombasa.consumerSecret,
      MOMBASA_PASS_KEY: mombasa.passKey,
    });
    const { BranchesModule } = await ACCOUNTS.load<{ BranchesModule: Type }>('branches.module');
    const { TenantPayments } = await ACCOUNTS.load<{ TenantPayments: Type<Tenants> }>(
      'tenant-payments',
    );
    const app = await start(moduleOf([BranchesModule], [TenantPayments]));
    await app.get(TenantPayments).pay('mombasa', 'A-1', '0712345678', 10);
    await app.get(TenantPayments).pay('default', 'A-1', '0712345679', 10);
    expect([...stage.daraja.prompts.values()]).toMatchObject([
      { shortCode: '600222', partyB: '5123457', transactionType: 'CustomerBuyGoodsOnline' },
      { shortCode: '174379', transactionType: 'CustomerPayBillOnline' },
    ]);
  });

  it('take the address of a callback from the proxy that is named (callbacks)', async () => {
    const { url } = await main(CALLBACKS);
    const answer = await request(url)
      .post('/stk/callback/test')
      .set('X-Forwarded-For', '198.51.100.9, 203.0.113.7')
      .send({});
    expect(answer.status).toBe(200);
    await until(() => logger.lines.some((line) => line.includes('from 203.0.113.7')));
  });

  it('pay on Fastify (recipes)', async () => {
    const { app, url } = await main(RECIPES);
    expect(app.getHttpAdapter().getType()).toBe('fastify');
    const attempt = await app.get(StkService, { strict: false }).push(aPush());
    stage.daraja.approve(attempt.checkoutRequestId!);
    await until(async () => (await find(app, attempt.id)).status === 'completed');
    expect((await request(url).post('/stk/callback/test').send({})).status).toBe(200);
  });

  it('pay without HTTP (recipes)', async () => {
    Object.assign(process.env, await emulatedEnvironment(stage.daraja, await freePort()));
    const printed = jest.spyOn(console, 'log').mockImplementation(() => undefined);
    const script = RECIPES.load('ask-once');
    await until(() => stage.daraja.prompts.size === 1);
    stage.daraja.approve([...stage.daraja.prompts.keys()][0]!);
    await script;
    expect(printed.mock.calls).toEqual([['The attempt is completed.']]);
  }, 60_000);

  it('tell how they fare (health)', async () => {
    const { HealthModule } = await HEALTH.load<{ HealthModule: Type }>('health.module');
    const module = MpesaModule.forRootAsync({ ...mpesaConfig.asProvider(), isGlobal: true });
    const app = await start(moduleOf([module, HealthModule]));
    for (const path of ['live', 'ready', 'payments']) {
      const { status, body } = await request(app.getHttpServer()).get(`/health/${path}`);
      expect([path, status, body]).toMatchObject([path, 200, { status: 'ok' }]);
    }
  });

  it.each([
    ['pay-bill', 'payBill', { transactionType: 'CustomerPayBillOnline', partyB: '174379' }],
    ['till', 'till', { transactionType: 'CustomerBuyGoodsOnline', partyB: '5123456' }],
  ])('are paid on the number of %s', async (block, name, account) => {
    const module = (await NUMBERS.load<Record<string, DynamicModule>>(block))[name]!;
    expect((await optionsOf(module)).account).toMatchObject(account);
  });

  it('take their options from a configuration of their own (README)', async () => {
    Object.assign(process.env, { DARAJA_KEY: 'key', DARAJA_SECRET: 'secret' });
    const { mpesa } = await README.load<{ mpesa: DynamicModule }>('module-by-hand');
    await expect(NestFactory.create(mpesa, { abortOnError: false })).rejects.toThrow(
      'DARAJA_PASS_KEY',
    );
    process.env.DARAJA_PASS_KEY = 'pass-key';
    expect(await optionsOf(mpesa)).toMatchObject({
      account: { consumerKey: 'key', shortCode: '174379' },
      events: { tries: 5 },
    });
  });

  it('open the callback to their own guard (README)', async () => {
    const { mpesaWithGuard } = await README.load<{ mpesaWithGuard: DynamicModule }>(
      'public-callback',
    );
    const app = await start(mpesaWithGuard);
    const controllers = [...app.get(ModulesContainer).values()].flatMap((module) => [
      ...module.controllers.values(),
    ]);
    const open = controllers.map(
      ({ metatype }) => Reflect.getMetadata('isPublic', metatype!) as unknown,
    );
    expect(open).toEqual([true]);
  });

  it('take callbacks from Safaricom and their own proxy alone (README)', async () => {
    const { mpesaFromSafaricomAlone } = await README.load<{
      mpesaFromSafaricomAlone: DynamicModule;
    }>('enforced-addresses');
    const { callback } = await optionsOf(mpesaFromSafaricomAlone);
    expect(callback.ipPolicy).toBe('enforce');
    expect(callback.allowedIps).toContain('10.20.0.0/16');
    expect(callback.allowedIps.length).toBeGreaterThan(1);
  });

  it('are tried with the emulator, and hold against forgeries (README)', async () => {
    type Started = { emulator: DarajaEmulator; options: object };
    const { startDaraja } = await README.load<{
      startDaraja: (callbackUrl: string) => Promise<Started>;
    }>('emulator');
    const { attack } = await README.load<{
      attack: (app: unknown, emulator: unknown, input: StkPushInput) => Promise<unknown[]>;
    }>('forgeries');
    const port = await freePort();
    const { emulator, options } = await startDaraja(`http://127.0.0.1:${port}/stk/callback`);
    stage.daraja = emulator;
    const app = await NestFactory.create(MpesaModule.forRoot(options as never));
    stage.app = app;
    await app.listen(port, '127.0.0.1');
    const stk = app.get(StkService);
    const [cancelled, paid] = [await stk.push(aPush()), await stk.push(aPush())];
    await until(async () => (await find(app, paid.id)).status === 'completed', 15_000);
    expect(await find(app, cancelled.id)).toMatchObject({ status: 'failed', resultCode: '1032' });
    await emulator.idle();
    expect(await attack(app, emulator, aPush({ phoneNumber: '0708374149' }))).toEqual([]);
  }, 60_000);
});

describe('the functions of the README', () => {
  afterAll(() => README.remove());

  it('explain a code to the customer', async () => {
    const printed = jest.spyOn(console, 'log').mockImplementation(() => undefined);
    await README.load('result-codes');
    expect(printed.mock.calls).toEqual([
      ['cancelled', expect.any(String), true, expect.stringMatching(/\w+ \w+/)],
    ]);
    printed.mockRestore();
  });

  it('have large amounts confirmed', async () => {
    const { confirmation } = await README.load<{
      confirmation: (about: { attempt: Partial<StkAttempt> }) => string;
    }>('large-amounts');
    expect(confirmation({ attempt: { amount: 50_000 } })).toBe('callback');
    expect(confirmation({ attempt: { amount: 50_001 } })).toBe('query');
  });

  it('take tokens out of access logs', async () => {
    const { redactedRequest, redactedPath } = await README.load<{
      redactedRequest: (request: object) => unknown;
      redactedPath: (request: object) => string;
    }>('access-log');
    const url = '/stk/callback/3q2-7wXYZ0123456789abcdefghijklmnopqrstuvwx';
    expect(redactedRequest({ method: 'POST', url })).toEqual({
      method: 'POST',
      url: redactedPath({ url }),
    });
    expect(redactedPath({ url })).not.toContain('3q2-7wXYZ');
    expect(redactedPath({ originalUrl: url, url: '/' })).toBe(redactedPath({ url }));
  });
});

interface Tenants {
  pay(tenant: string, orderId: string, phone: string, amount: number): Promise<StkAttempt>;
}

const find = async (app: INestApplication, id: string) =>
  (await app.get(StkService, { strict: false }).find(id))!;
