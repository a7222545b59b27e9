import 'reflect-metadata';
import { Injectable, Module, type DynamicModule } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { Test } from '@nestjs/testing';
import { MpesaConfigError } from '../../lib/mpesa-config.error.js';
import { mpesaConfig } from '../../lib/mpesa.config.js';
import {
  assertMpesaAsyncOptions,
  ConfigurableModuleClass,
  MPESA_MODULE_OPTIONS,
  type MpesaModuleAsyncOptions,
  type MpesaOptionsFactory,
} from '../../lib/mpesa.module-definition.js';
import type { MpesaModuleOptions } from '../../lib/mpesa.options.js';

const required = {
  MPESA_ENVIRONMENT: 'sandbox',
  MPESA_CONSUMER_KEY: 'key',
  MPESA_CONSUMER_SECRET: 'secret',
  MPESA_SHORT_CODE: '174379',
  MPESA_PASS_KEY: 'passkey',
  MPESA_CALLBACK_URL: 'https://shop.example.com/stk/callback',
};
const options = {
  environment: 'sandbox',
  consumerKey: 'key',
  consumerSecret: 'secret',
  shortCode: '174379',
  passKey: 'passkey',
  callbackUrl: 'https://shop.example.com/stk/callback',
};

const before = process.env;
beforeEach(() => {
  process.env = Object.fromEntries(
    Object.entries(before).filter(([name]) => !name.startsWith('MPESA_')),
  );
});
afterAll(() => {
  process.env = before;
});

describe('mpesaConfig', () => {
  it('reads the variables, and leaves out what is not set', () => {
    Object.assign(process.env, required);
    expect(mpesaConfig()).toStrictEqual(options);
  });

  it('reads the optional ones', () => {
    const optional = {
      MPESA_TILL_NUMBER: '5512345',
      MPESA_TRANSACTION_TYPE: 'CustomerBuyGoodsOnline',
      MPESA_BASE_URL: 'http://127.0.0.1:4010',
    };
    Object.assign(process.env, required, optional);
    expect(mpesaConfig()).toStrictEqual({
      ...options,
      tillNumber: '5512345',
      transactionType: 'CustomerBuyGoodsOnline',
      baseUrl: 'http://127.0.0.1:4010',
    });
  });

  it('takes an empty variable for one that is not set, and trims nothing', () => {
    Object.assign(process.env, { MPESA_TILL_NUMBER: '', MPESA_PASS_KEY: 'passkey\n' });
    expect(mpesaConfig()).toStrictEqual({ passKey: 'passkey\n' });
  });
});

@Module({})
class OptionsModule extends ConfigurableModuleClass {}

@Injectable()
class OptionsFactory implements MpesaOptionsFactory {
  createMpesaOptions() {
    return options as MpesaModuleOptions;
  }
}

@Module({ providers: [OptionsFactory], exports: [OptionsFactory] })
class FactoryModule {}

const optionsOf = async (module: DynamicModule): Promise<unknown> => {
  const compiled = await Test.createTestingModule({ imports: [module] }).compile();
  return compiled.get<unknown>(MPESA_MODULE_OPTIONS, { strict: false });
};

describe('the options of the module definition', () => {
  it('come from the environment through mpesaConfig.asProvider()', async () => {
    Object.assign(process.env, required);
    const given = { ...mpesaConfig.asProvider(), background: false };
    expect(await optionsOf(OptionsModule.forRootAsync(given))).toStrictEqual(options);
  });

  it('come from the environment also where ConfigModule loads mpesaConfig', async () => {
    Object.assign(process.env, required);
    @Module({ imports: [ConfigModule.forRoot({ ignoreEnvFile: true, load: [mpesaConfig] })] })
    class App {}
    const module = OptionsModule.forRootAsync(mpesaConfig.asProvider());
    expect(await optionsOf({ module: App, imports: [module] })).toStrictEqual(options);
  });

  it.each<[string, MpesaModuleAsyncOptions]>([
    ['useFactory', { useFactory: () => Promise.resolve(options as MpesaModuleOptions) }],
    ['useClass', { useClass: OptionsFactory }],
    ['useExisting', { imports: [FactoryModule], useExisting: OptionsFactory }],
  ])('come from %s', async (_, given) => {
    assertMpesaAsyncOptions(given);
    expect(await optionsOf(OptionsModule.forRootAsync(given))).toStrictEqual(options);
  });

  it('are given to forRoot() without the extras', async () => {
    const given = { ...(options as MpesaModuleOptions), callbackPath: 'pay', isGlobal: true };
    const module = OptionsModule.forRoot(given);
    expect(module.global).toBe(true);
    expect(await optionsOf(module)).toStrictEqual(options);
  });
});

describe('assertMpesaAsyncOptions', () => {
  it.each([[undefined], [{}], [{ isGlobal: true }], [{ useFactory: undefined }], [options]])(
    'refuses %j, which says nothing of where the options come from',
    (given) => {
      expect(() => {
        assertMpesaAsyncOptions(given as MpesaModuleAsyncOptions | undefined);
      }).toThrow('forRootAsync: needs useFactory, useClass or useExisting');
    },
  );

  it('reports wrong extras at once', () => {
    const persistence = () => ({ name: 'not called', providers: [] });
    const given = { useClass: OptionsFactory, persistence, callbackPath: ':id' };
    expect(() => {
      assertMpesaAsyncOptions(given as unknown as MpesaModuleAsyncOptions);
    }).toThrow(MpesaConfigError);
    expect(() => {
      assertMpesaAsyncOptions(given as unknown as MpesaModuleAsyncOptions);
    }).toThrow(/callbackPath: must be .*\n {2}persistence: must be what/);
  });
});
