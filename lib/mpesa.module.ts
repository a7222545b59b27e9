import { HttpModule } from '@nestjs/axios';
import { Module, type DynamicModule } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { AttemptStore } from './attempts/attempt-store.js';
import { createStkCallbackController } from './callback/stk-callback.controller.js';
import { StkCallbackService } from './callback/stk-callback.service.js';
import { darajaAxiosConfig } from './daraja/daraja-axios-config.js';
import { MpesaDiagnostics } from './diagnostics/mpesa-diagnostics.js';
import { inMemoryPersistence } from './in-memory-persistence.js';
import {
  MPESA_EXTRAS,
  resolveMpesaExtras,
  withoutMpesaExtras,
  type MpesaModuleExtras,
} from './mpesa-extras.js';
import { resolveMpesaOptions } from './mpesa-resolved-options.js';
import {
  assertMpesaAsyncOptions,
  ConfigurableModuleClass,
  MPESA_OPTIONS,
  type MpesaModuleAsyncOptions,
} from './mpesa.module-definition.js';
import type { MpesaModuleOptions } from './mpesa.options.js';
import { MPESA_PROVIDERS } from './mpesa.providers.js';
import { StkAdminService } from './admin/stk-admin.service.js';
import { StkService } from './stk/stk.service.js';

/**
 * M-Pesa STK Push for a NestJS application: gives `StkService`, mounts the callback route, and brings
 * events to `@OnStkEvent()` handlers. Once in an application.
 * @publicApi
 */
@Module({})
export class MpesaModule extends ConfigurableModuleClass {
  /**
   * With options that are known when the module is loaded.
   *
   * @throws MpesaConfigError that lists everything that is wrong
   */
  static override forRoot(options: MpesaModuleOptions & Partial<MpesaModuleExtras>): DynamicModule {
    resolveMpesaOptions(withoutMpesaExtras(options), options);
    return assemble(super.forRoot(options), options);
  }

  /**
   * With options from a factory, `useFactory`, `useClass` or `useExisting`; with environment variables
   * by `forRootAsync({ ...mpesaConfig.asProvider(), persistence: … })`. What the factory cannot decide
   * stands beside it: `isGlobal`, `callbackPath`, `persistence` and the other extras.
   *
   * The application fails to start with a `MpesaConfigError` that lists everything that is wrong.
   */
  static override forRootAsync(options: MpesaModuleAsyncOptions): DynamicModule {
    assertMpesaAsyncOptions(options);
    return assemble(super.forRootAsync(options), options);
  }
}

function assemble(definition: DynamicModule, given: Partial<MpesaModuleExtras>): DynamicModule {
  const extras = resolveMpesaExtras(given);
  const persistence = extras.persistence ?? inMemoryPersistence();
  return {
    ...definition,
    imports: [
      ...(definition.imports ?? []),
      ...(persistence.imports ?? []),
      DiscoveryModule,
      // Registered: a client of our own, which the application's interceptors do not see.
      HttpModule.register(darajaAxiosConfig()),
    ],
    controllers: extras.callbackController
      ? [createStkCallbackController(extras.callbackPath, extras.controllerDecorators)]
      : [],
    providers: [
      ...(definition.providers ?? []),
      { provide: MPESA_EXTRAS, useValue: extras },
      ...MPESA_PROVIDERS,
      ...persistence.providers,
    ],
    exports: [
      StkService,
      StkAdminService,
      StkCallbackService,
      MpesaDiagnostics,
      AttemptStore,
      MPESA_OPTIONS,
    ],
  };
}
