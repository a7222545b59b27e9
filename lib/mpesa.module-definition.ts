import { ConfigurableModuleBuilder, Inject } from '@nestjs/common';
import type { ConfigurableModuleAsyncOptions } from '@nestjs/common';
import { MpesaConfigError } from './mpesa-config.error.js';
import { DEFAULT_EXTRAS, resolveMpesaExtras, type MpesaModuleExtras } from './mpesa-extras.js';
import { problemsOfExtras } from './mpesa-extras.validation.js';
import type { MpesaModuleOptions } from './mpesa.options.js';

/** The options as the application gave them; nobody but the resolving factory reads these. */
export const MPESA_MODULE_OPTIONS = Symbol.for('nestjs-mpesa.module-options');

/**
 * The options as the module uses them: checked, with defaults, frozen (`ResolvedMpesaOptions`).
 * @publicApi
 */
export const MPESA_OPTIONS = Symbol.for('nestjs-mpesa.options');

/**
 * The token of the `ResolvedMpesaOptions`, for `inject` and for `overrideProvider()` in tests.
 * @publicApi
 */
export const getMpesaOptionsToken = (): symbol => MPESA_OPTIONS;

/**
 * Injects the `ResolvedMpesaOptions`.
 * @publicApi
 */
export const InjectMpesaOptions = (): PropertyDecorator & ParameterDecorator =>
  Inject(MPESA_OPTIONS);

export const { ConfigurableModuleClass, OPTIONS_TYPE, ASYNC_OPTIONS_TYPE } =
  new ConfigurableModuleBuilder<MpesaModuleOptions>({ optionsInjectionToken: MPESA_MODULE_OPTIONS })
    .setClassMethodName('forRoot')
    .setFactoryMethodName('createMpesaOptions')
    .setExtras<MpesaModuleExtras>(DEFAULT_EXTRAS, (definition, extras) => ({
      ...definition,
      global: extras.isGlobal,
    }))
    .build();

/**
 * A class that makes the options, for `useClass` and `useExisting`.
 * @publicApi
 */
export interface MpesaOptionsFactory {
  /** Called once, at the start. What it rejects with ends the start. */
  createMpesaOptions(): MpesaModuleOptions | Promise<MpesaModuleOptions>;
}

/**
 * What `forRootAsync()` takes: one of `useFactory`, `useClass`, `useExisting`, and the extras.
 * @publicApi
 */
export type MpesaModuleAsyncOptions = ConfigurableModuleAsyncOptions<
  MpesaModuleOptions,
  'createMpesaOptions'
> &
  Partial<MpesaModuleExtras>;

/**
 * Guards `forRootAsync()`, which would otherwise start without options, and reads the extras before
 * anybody has checked them.
 *
 * @throws MpesaConfigError where none of `useFactory`, `useClass` and `useExisting` is given, or an
 * extra is wrong
 */
export function assertMpesaAsyncOptions(given: MpesaModuleAsyncOptions | undefined): void {
  const problems = problemsOfExtras(resolveMpesaExtras(given ?? {}));
  if (!given?.useFactory && !given?.useClass && !given?.useExisting) {
    problems.unshift({
      path: 'forRootAsync',
      message: 'needs useFactory, useClass or useExisting, such as ...mpesaConfig.asProvider()',
    });
  }
  if (problems.length > 0) throw new MpesaConfigError(problems);
}
