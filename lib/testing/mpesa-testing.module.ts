import {
  Module,
  type DynamicModule,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { Clock } from '../attempts/clock.js';
import type { StkAttempt } from '../attempts/stk-attempt.js';
import { StkCallbackService } from '../callback/stk-callback.service.js';
import { StkEventDispatcher } from '../events/stk-event.dispatcher.js';
import { inMemoryPersistence } from '../in-memory-persistence.js';
import type { MpesaModuleExtras } from '../mpesa-extras.js';
import { MpesaModule } from '../mpesa.module.js';
import type { MpesaModuleOptions } from '../mpesa.options.js';
import { Reconciler } from '../reconciliation/reconciler.js';
import { CallbackChute } from './callback-chute.js';
import { DarajaEmulator } from './emulator/daraja-emulator.js';
import type { DarajaEmulatorOptions } from './emulator/emulator-options.js';
import { EMULATOR_ACCOUNT } from './emulator/emulator-account.js';
import { FakeClock } from './fake-clock.js';

/**
 * What a test may set otherwise: any option of `MpesaModule`.
 * @publicApi
 */
export type MpesaTestingOptions = Partial<MpesaModuleOptions> &
  Partial<
    Pick<MpesaModuleExtras, 'callbackController' | 'callbackPath' | 'controllerDecorators'>
  > & {
    /** Of the emulator: its seed, so that a run can be repeated, its accounts, its PIN and so on. */
    emulator?: Omit<DarajaEmulatorOptions, 'clock' | 'deliver'>;
  };

@Module({
  providers: [CallbackChute, { provide: FakeClock, useFactory: () => new FakeClock() }],
  exports: [CallbackChute, FakeClock],
})
class TestingGround {}

/**
 * Stands in for `MpesaModule` in a test: the same module, with attempts in memory, a Daraja emulator in
 * this process, callbacks handed over without a port of your application, and a clock that stands still.
 * Get it from the application: it plays the customer.
 *
 * ```ts
 * const app = await Test.createTestingModule({
 *   imports: [MpesaTestingModule.forRoot()], providers: [Checkout],
 * }).compile();
 * await app.init();
 * const attempt = await app.get(Checkout).pay(order);
 * await app.get(MpesaTestingModule).approve(attempt);
 * await app.get(MpesaTestingModule).settleAll();   // your handlers have run
 * ```
 * @publicApi
 */
@Module({})
export class MpesaTestingModule implements OnModuleInit, OnModuleDestroy {
  constructor(
    /** Daraja: script it, and see what it was asked. */
    readonly emulator: DarajaEmulator,
    /** The module's and the emulator's time. */
    readonly clock: FakeClock,
    private readonly chute: CallbackChute,
    private readonly moduleRef: ModuleRef,
    callbacks: StkCallbackService,
  ) {
    chute.leadTo(callbacks);
  }

  /** In place of `MpesaModule.forRoot()`; all options have defaults. */
  static forRoot(options: MpesaTestingOptions = {}): DynamicModule {
    const { emulator: daraja, ...mpesa } = options;
    const emulator = emulatorModule(daraja);
    return {
      module: MpesaTestingModule,
      imports: [emulator, TestingGround, testedModule(mpesa, emulator)],
      exports: [MpesaModule],
    };
  }

  /** The customer pays; resolves when the callback was taken in. */
  async approve(attempt: StkAttempt): Promise<void> {
    this.emulator.approve(idOf(attempt));
    await this.emulator.idle();
  }

  /** The customer cancels; resolves when the callback was taken in. */
  async cancel(attempt: StkAttempt): Promise<void> {
    this.emulator.cancel(idOf(attempt));
    await this.emulator.idle();
  }

  /** The customer pays, and the callback is lost. Daraja knows of it when asked. */
  async lose(attempt: StkAttempt): Promise<void> {
    this.chute.lose(idOf(attempt));
    await this.approve(attempt);
  }

  /**
   * Resolves when every callback that is due was taken in, every query that is under way was answered,
   * and every event of it was handled. Does not wait for the next try of a handler that failed, nor for
   * the next look at a lost callback: `clock.advance()` brings both.
   */
  async settleAll(): Promise<void> {
    await this.emulator.idle();
    await this.reconciler.idle();
    await this.moduleRef.get(StkEventDispatcher, { strict: false }).drain();
  }

  /** Of Nest's lifecycle. @internal */
  onModuleInit(): void {
    this.clock.waitFor(() => this.reconciler.idle());
  }

  private get reconciler(): Reconciler {
    return this.moduleRef.get(Reconciler, { strict: false });
  }

  /** Of Nest's lifecycle. @internal */
  onModuleDestroy(): Promise<void> {
    return this.emulator.close();
  }
}

function emulatorModule(options: MpesaTestingOptions['emulator']): DynamicModule {
  return {
    module: class EmulatorModule {},
    imports: [TestingGround],
    providers: [
      {
        provide: DarajaEmulator,
        inject: [FakeClock, CallbackChute],
        useFactory: (clock: FakeClock, chute: CallbackChute) =>
          new DarajaEmulator({ ...options, clock, deliver: (delivery) => chute.deliver(delivery) }),
      },
    ],
    exports: [DarajaEmulator],
  };
}

function testedModule(
  {
    callbackController,
    callbackPath,
    controllerDecorators,
    ...options
  }: Omit<MpesaTestingOptions, 'emulator'>,
  emulator: DynamicModule,
): DynamicModule {
  const memory = inMemoryPersistence();
  return MpesaModule.forRootAsync({
    isGlobal: true,
    callbackController,
    callbackPath,
    controllerDecorators,
    persistence: {
      ...memory,
      imports: [TestingGround],
      providers: [...memory.providers, { provide: Clock, useExisting: FakeClock }],
    },
    imports: [emulator],
    inject: [DarajaEmulator],
    useFactory: async (daraja: DarajaEmulator): Promise<MpesaModuleOptions> => ({
      environment: 'sandbox',
      ...EMULATOR_ACCOUNT,
      baseUrl: await daraja.listen(),
      callbackUrl: 'https://shop.example/stk/callback',
      ...options,
    }),
  });
}

function idOf({ id, checkoutRequestId }: StkAttempt): string {
  if (checkoutRequestId) return checkoutRequestId;
  throw new Error(`Attempt ${id} has no CheckoutRequestID: no phone is known to have been asked`);
}
