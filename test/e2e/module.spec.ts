import { Controller, Get, Inject, Injectable, Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { NestFactory } from '@nestjs/core';
import { Transport } from '@nestjs/microservices';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import request from 'supertest';
import {
  inMemoryPersistence,
  MPESA_OPTIONS,
  mpesaConfig,
  MpesaConfigError,
  MpesaModule,
  OnStkEvent,
  StkCompleted,
  StkService,
  type MpesaModuleOptions,
  type MpesaOptionsFactory,
  type ResolvedMpesaOptions,
} from '../../lib/index.js';
import { DarajaEmulator, EMULATOR_ACCOUNT } from '../../lib/testing.js';
import { RecordingLogger } from '../support/recording-logger.js';
import { aPush } from '../support/testing-app.js';
import { until } from '../support/until.js';

const OPTIONS: MpesaModuleOptions = {
  environment: 'sandbox',
  ...EMULATOR_ACCOUNT,
  callbackUrl: 'https://shop.example/stk/callback',
};

@Injectable()
class Factory implements MpesaOptionsFactory {
  createMpesaOptions(): MpesaModuleOptions {
    return OPTIONS;
  }
}

@Module({ providers: [Factory], exports: [Factory] })
class FactoryModule {}

describe('the ways to configure it', () => {
  const environment = { ...process.env };
  afterEach(() => {
    process.env = { ...environment };
  });

  const ways = {
    forRoot: () => MpesaModule.forRoot(OPTIONS),
    useFactory: () => MpesaModule.forRootAsync({ useFactory: () => Promise.resolve(OPTIONS) }),
    useClass: () => MpesaModule.forRootAsync({ useClass: Factory }),
    useExisting: () => MpesaModule.forRootAsync({ imports: [FactoryModule], useExisting: Factory }),
    'mpesaConfig.asProvider()': () => MpesaModule.forRootAsync({ ...mpesaConfig.asProvider() }),
  };

  it.each(Object.entries(ways))('%s', async (_name, way) => {
    Object.assign(process.env, {
      MPESA_ENVIRONMENT: 'sandbox',
      MPESA_CONSUMER_KEY: OPTIONS.consumerKey,
      MPESA_CONSUMER_SECRET: OPTIONS.consumerSecret,
      MPESA_SHORT_CODE: OPTIONS.shortCode,
      MPESA_PASS_KEY: OPTIONS.passKey,
      MPESA_CALLBACK_URL: OPTIONS.callbackUrl,
    });
    const module = await Test.createTestingModule({
      imports: [ConfigModule.forRoot({ ignoreEnvFile: true }), way()],
    }).compile();
    const options = module.get<ResolvedMpesaOptions>(MPESA_OPTIONS);
    expect(options.account).toMatchObject({ name: 'default', shortCode: '174379' });
    expect(module.get(StkService)).toBeInstanceOf(StkService);
    await module.close();
  });

  it.each([
    ['forRoot', (options: MpesaModuleOptions) => MpesaModule.forRoot(options)],
    [
      'forRootAsync',
      (options: MpesaModuleOptions) => MpesaModule.forRootAsync({ useFactory: () => options }),
    ],
  ])('%s names every problem at once, and what to do', async (_name, module) => {
    const start = async () => {
      const wrong = { environment: 'production', shortCode: '12', passKey: '' } as const;
      await Test.createTestingModule({ imports: [module({ ...OPTIONS, ...wrong })] }).compile();
    };
    const error: unknown = await start().catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(MpesaConfigError);
    const paths = (error as MpesaConfigError).problems.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['shortCode', 'passKey', 'persistence']));
  });

  it('asks for a way where none is given', () => {
    expect(() => MpesaModule.forRootAsync({})).toThrow(MpesaConfigError);
  });

  it('is visible everywhere where it is global', async () => {
    @Injectable()
    class Deep {
      constructor(readonly stk: StkService) {}
    }
    @Module({ providers: [Deep] })
    class DeepModule {}
    const module = await Test.createTestingModule({
      imports: [MpesaModule.forRoot({ ...OPTIONS, isGlobal: true }), DeepModule],
    }).compile();
    expect(module.get(Deep, { strict: false }).stk).toBe(module.get(StkService));
    await module.close();
  });

  it('is refused twice in one application', async () => {
    @Module({ imports: [MpesaModule.forRoot({ ...OPTIONS, callbackPath: 'other' })] })
    class Second {}
    const module = await Test.createTestingModule({
      imports: [MpesaModule.forRoot(OPTIONS), Second],
    }).compile();
    await expect(module.init()).rejects.toThrow(MpesaConfigError);
  });

  it('runs in production once it is said that memory will do', async () => {
    const module = await Test.createTestingModule({
      imports: [
        MpesaModule.forRoot({
          ...OPTIONS,
          environment: 'production',
          passKey: 'a-passkey-of-our-own',
          persistence: inMemoryPersistence(),
        }),
      ],
    }).compile();
    expect(module.get(StkService)).toBeInstanceOf(StkService);
    await module.close();
  });
});

@Injectable()
class Shop {
  readonly paid: string[] = [];
  constructor(@Inject(StkService) readonly stk: StkService) {}

  @OnStkEvent(StkCompleted)
  fulfil({ orderId }: StkCompleted): void {
    this.paid.push(orderId ?? '');
  }
}

@Controller()
class Front {
  @Get()
  hello(): string {
    return 'hello';
  }
}

describe('the ways to run it', () => {
  let emulator: DarajaEmulator;
  let app: { close(): Promise<void> } | undefined;

  beforeEach(() => {
    emulator = new DarajaEmulator();
  });
  afterEach(async () => {
    await app?.close();
    await emulator.close();
  });

  const appModule = (baseUrl: string, callbackUrl: string) => {
    const imports = [MpesaModule.forRoot({ ...OPTIONS, baseUrl, callbackUrl })];
    @Module({ imports, providers: [Shop], controllers: [Front] })
    class AppModule {}
    return AppModule;
  };

  it.each([
    ['Express', () => new ExpressAdapter()],
    ['Fastify', () => new FastifyAdapter()],
  ])('pays over real HTTP on %s', async (_name, adapter) => {
    const baseUrl = await emulator.listen();
    const port = await freePort();
    const Root = appModule(baseUrl, `http://127.0.0.1:${port}/stk/callback`);
    const nest = await NestFactory.create(Root, adapter(), { logger: false });
    app = nest;
    await nest.listen(port, '127.0.0.1');
    const shop = nest.get(Shop);
    const attempt = await shop.stk.push(aPush());
    emulator.approve(attempt.checkoutRequestId as string);
    const settled = await shop.stk.waitFor(attempt.id);
    expect(settled).toMatchObject({ status: 'completed', confirmedBy: 'callback' });
    await until(() => shop.paid.length > 0);
    expect(shop.paid).toEqual([attempt.orderId]);
    await emulator.idle();
    expect(emulator.deliveries).toMatchObject([{ status: 200 }]);
  });

  it('runs without an HTTP server: callbacks land elsewhere', async () => {
    const Root = appModule(await emulator.listen(), 'https://shop.example/stk/callback');
    const context = await NestFactory.createApplicationContext(Root, { logger: false });
    app = context;
    const attempt = await context.get(Shop).stk.push(aPush());
    expect(attempt.status).toBe('pending');
  });

  it('runs in a hybrid application', async () => {
    const port = await freePort();
    const Root = appModule(await emulator.listen(), `http://127.0.0.1:${port}/stk/callback`);
    const nest = await NestFactory.create(Root, { logger: false });
    app = nest;
    nest.connectMicroservice({
      transport: Transport.TCP,
      options: { host: '127.0.0.1', port: await freePort() },
    });
    await nest.startAllMicroservices();
    await nest.listen(port, '127.0.0.1');
    const attempt = await nest.get(Shop).stk.push(aPush());
    emulator.approve(attempt.checkoutRequestId as string);
    expect(await nest.get(Shop).stk.waitFor(attempt.id)).toMatchObject({ status: 'completed' });
    await until(() => nest.get(Shop).paid.length > 0);
    expect(nest.get(Shop).paid).toEqual([attempt.orderId]);
  });

  it.each([
    ['api', 'https://shop.example/api/stk/callback', false],
    ['', 'https://shop.example/stk/callback/', false],
    ['api', 'https://shop.example/stk/callback', true],
  ])('with prefix %p and callbackUrl %s: warns %p', async (prefix, callbackUrl, warns) => {
    const logger = new RecordingLogger();
    const nest = await NestFactory.create(
      appModule('https://sandbox.safaricom.co.ke', callbackUrl),
      { logger },
    );
    app = nest;
    if (prefix) nest.setGlobalPrefix(prefix);
    await nest.init();
    const warned = logger.lines.some((line) => line.includes('callback controller is mounted'));
    expect(warned).toBe(warns);
    await request(nest.getHttpServer())
      .get(prefix ? `/${prefix}` : '/')
      .expect(200, 'hello');
  });
});

async function freePort(): Promise<number> {
  const { createServer } = await import('node:net');
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}
