import type { MpesaPersistence } from './mpesa-persistence.js';
import type { MpesaModuleOptions } from './mpesa.options.js';

/**
 * What is fixed before any factory runs, and so stands beside the options, not among them.
 * @publicApi
 */
export interface MpesaModuleExtras {
  /**
   * Whether the exports are visible in every module.
   * @default false
   */
  isGlobal: boolean;
  /**
   * Route of the callback controller, without the global prefix.
   * @default 'stk/callback'
   */
  callbackPath: string;
  /**
   * `false` mounts no callback controller: you mount your own.
   * @default true
   */
  callbackController: boolean;
  /**
   * Put on the callback controller: your auth's `@Public()`, `@SkipThrottle()` and the like.
   * @default []
   */
  controllerDecorators: ClassDecorator[];
  /**
   * Where attempts are kept. Left out: in memory, which production refuses unless you say
   * `inMemoryPersistence()`.
   */
  persistence: MpesaPersistence | undefined;
  /**
   * `false` runs no event dispatcher and no reconciler in this process.
   * @default true
   */
  background: boolean;
}

export const DEFAULT_EXTRAS: Readonly<MpesaModuleExtras> = {
  isGlobal: false,
  callbackPath: 'stk/callback',
  callbackController: true,
  controllerDecorators: [],
  persistence: undefined,
  background: true,
};

/** The extras among what was given to `forRoot()` or `forRootAsync()`, undefined ones defaulted. */
export function resolveMpesaExtras(given: Partial<MpesaModuleExtras>): MpesaModuleExtras {
  return {
    isGlobal: given.isGlobal ?? DEFAULT_EXTRAS.isGlobal,
    callbackPath: given.callbackPath ?? DEFAULT_EXTRAS.callbackPath,
    callbackController: given.callbackController ?? DEFAULT_EXTRAS.callbackController,
    controllerDecorators: given.controllerDecorators ?? DEFAULT_EXTRAS.controllerDecorators,
    persistence: given.persistence,
    background: given.background ?? DEFAULT_EXTRAS.background,
  };
}

/** What was given to `forRoot()`, without the extras; for `resolveMpesaOptions()`. */
export function withoutMpesaExtras(
  given: (MpesaModuleOptions & Partial<MpesaModuleExtras>) | undefined,
): MpesaModuleOptions {
  const entries = Object.entries(given ?? {});
  const options = entries.filter(([key]) => !Object.hasOwn(DEFAULT_EXTRAS, key));
  return Object.fromEntries(options) as unknown as MpesaModuleOptions;
}

/** Token of the extras in force: Nest's builder keeps them out of the options. */
export const MPESA_EXTRAS = Symbol.for('nestjs-mpesa.extras');
