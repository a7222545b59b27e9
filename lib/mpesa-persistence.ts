import type { ModuleMetadata, Provider } from '@nestjs/common';

/**
 * Where attempts, callbacks and events are kept: what `inMemoryPersistence()` and
 * `typeOrmPersistence()` return.
 * @publicApi
 */
export interface MpesaPersistence {
  /** For messages: `in-memory`, `typeorm`, … */
  readonly name: string;
  /** Modules that the providers need. */
  readonly imports?: ModuleMetadata['imports'];
  /** Must provide `AttemptStore`. */
  readonly providers: Provider[];
}
