import { registerAs } from '@nestjs/config';
import { MPESA_VARIABLES } from './mpesa-variables.js';
import type { MpesaModuleOptions } from './mpesa.options.js';

/**
 * The options of the environment, for `@nestjs/config`: `MPESA_ENVIRONMENT`, `MPESA_CONSUMER_KEY`,
 * `MPESA_CONSUMER_SECRET`, `MPESA_SHORT_CODE`, `MPESA_PASS_KEY`, `MPESA_CALLBACK_URL`, and where set
 * `MPESA_TILL_NUMBER`, `MPESA_TRANSACTION_TYPE`, `MPESA_BASE_URL`, `MPESA_ENCRYPTION_KEY`. An empty variable counts as not
 * set. Nothing is checked or trimmed here: the module says at its start what is missing or wrong.
 *
 * ```ts
 * MpesaModule.forRootAsync({ ...mpesaConfig.asProvider(), persistence: typeOrmPersistence() })
 * ```
 * @publicApi
 */
export const mpesaConfig = registerAs('mpesa', () => {
  const options: Record<string, unknown> = {};
  for (const [option, variable] of Object.entries(MPESA_VARIABLES)) {
    const value = process.env[variable];
    if (!value) continue;
    const [section, inner] = option.split('.') as [string, string?];
    options[section] = inner === undefined ? value : { [inner]: value };
  }
  // Whether these really are the options is for the module to check.
  return options as unknown as MpesaModuleOptions;
});
