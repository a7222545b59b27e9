// Checked by the compiler alone: each @ts-expect-error fails the build where the line is right after all.
import { MpesaModule } from '../../lib/mpesa.module.js';
import { mpesaConfig } from '../../lib/mpesa.config.js';
import type { MpesaOptionsFactory } from '../../lib/mpesa.module-definition.js';
import type { MpesaModuleOptions } from '../../lib/mpesa.options.js';
import type { MpesaPersistence } from '../../lib/mpesa-persistence.js';

declare const options: MpesaModuleOptions;
declare const persistence: MpesaPersistence;
declare const publicRoute: () => ClassDecorator;

export const right = [
  MpesaModule.forRoot(options),
  MpesaModule.forRoot({ ...options, isGlobal: true, persistence, callbackPath: 'pay' }),
  MpesaModule.forRoot({ ...options, controllerDecorators: [publicRoute()] }),
  MpesaModule.forRoot({ ...options, reconciliation: false }),
  MpesaModule.forRoot({ ...options, reconciliation: { firstAfterMs: 10_000 } }),
  MpesaModule.forRoot({ ...options, http: { connectTimeoutMs: 1_000 }, events: { tries: 3 } }),
  MpesaModule.forRoot({
    ...options,
    confirmation: ({ attempt }) => (attempt.amount > 10_000 ? 'query' : 'callback'),
  }),
  MpesaModule.forRootAsync(mpesaConfig.asProvider()),
  MpesaModule.forRootAsync({ ...mpesaConfig.asProvider(), persistence }),
  MpesaModule.forRootAsync({ useFactory: () => options, background: false }),
  MpesaModule.forRootAsync({
    useFactory: (key: string) => Promise.resolve({ ...options, consumerKey: key }),
    inject: ['KEY'],
  }),
];

export class Factory implements MpesaOptionsFactory {
  createMpesaOptions(): MpesaModuleOptions {
    return options;
  }
}
export const byClass = [
  MpesaModule.forRootAsync({ useClass: Factory }),
  MpesaModule.forRootAsync({ useExisting: Factory }),
];

export class NoFactory {}

export const wrong = [
  // @ts-expect-error -- the options are required
  MpesaModule.forRoot({}),
  // @ts-expect-error -- an environment of another name
  MpesaModule.forRoot({ ...options, environment: 'live' }),
  // @ts-expect-error -- the shortcode is text: it may be passed on as it is
  MpesaModule.forRoot({ ...options, shortCode: 174379 }),
  // @ts-expect-error -- misspelt
  MpesaModule.forRoot({ ...options, passkey: 'x' }),
  // @ts-expect-error -- there is nothing to turn on
  MpesaModule.forRoot({ ...options, reconciliation: true }),
  // @ts-expect-error -- decides nothing
  MpesaModule.forRoot({ ...options, confirmation: () => true }),
  // @ts-expect-error -- a persistence that was not called
  MpesaModule.forRoot({ ...options, persistence: () => persistence }),
  // @ts-expect-error -- the class makes no options
  MpesaModule.forRootAsync({ useClass: NoFactory }),
  // @ts-expect-error -- the extras stand beside the factory
  MpesaModule.forRootAsync({ useFactory: () => ({ ...options, isGlobal: 'x', passKey: 5 }) }),
];
