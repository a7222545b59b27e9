import { existsSync } from 'node:fs';
import { loadEnvFile } from 'node:process';
import { inMemoryPersistence } from '../in-memory-persistence.js';
import { resolveMpesaOptions, type ResolvedMpesaOptions } from '../mpesa-resolved-options.js';
import { mpesaConfig } from '../mpesa.config.js';
import type { MpesaModuleOptions } from '../mpesa.options.js';
import { UsageError } from './usage-error.js';

const DEFAULT_FILE = '.env';

/** The options of the environment, unchecked. Variables that are set go before those of the file. */
export function optionsOfEnvironment(file?: string): MpesaModuleOptions {
  if (file !== undefined && !existsSync(file)) throw new UsageError(`There is no file ${file}.`);
  if (existsSync(file ?? DEFAULT_FILE)) loadEnvFile(file ?? DEFAULT_FILE);
  return mpesaConfig();
}

/**
 * The options as the module would use them. Where attempts are kept is said in the application's code, so
 * that it is not asked for here.
 * @throws MpesaConfigError with everything that is wrong
 */
export const resolved = (options: MpesaModuleOptions): ResolvedMpesaOptions =>
  resolveMpesaOptions(options, { persistence: inMemoryPersistence() });
