import { isLoopbackUrl } from './absolute-url.js';
import { accountConflicts, type AccountSurroundings } from './accounts/account-conflicts.js';
import type { MpesaConfigProblem } from './mpesa-config.error.js';
import { DARAJA_BASE_URLS, DEFAULT_RECONCILIATION } from './mpesa-options.defaults.js';
import type { MpesaModuleExtras } from './mpesa-extras.js';
import type { MpesaModuleOptions } from './mpesa.options.js';

/**
 * What is wrong with options that are right each by itself.
 *
 * @param usable whether an option passed its own rule; those that did not are reported already
 */
export function conflictsOf(
  raw: Partial<MpesaModuleOptions>,
  extras: MpesaModuleExtras,
  usable: (path: string) => boolean,
): MpesaConfigProblem[] {
  return [
    ...accountConflicts(raw, surroundingsOf(raw, usable), usable),
    ...(usable('environment') && usable('baseUrl') ? hostConflicts(raw) : []),
    ...(raw.environment === 'production' ? persistenceProblems(extras) : []),
    ...deadlineConflicts(raw, usable),
    ...(usable('privacy') ? privacyConflicts(raw) : []),
  ];
}

/** What decides how strict the rules for every account are. */
export const surroundingsOf = (
  { environment, baseUrl }: Partial<MpesaModuleOptions>,
  usable: (path: string) => boolean,
): AccountSurroundings => ({
  isProduction: environment === 'production',
  mayBeEmulator: !usable('baseUrl') || (baseUrl !== undefined && isLoopbackUrl(baseUrl)),
});

/** Without a key of today nothing would be encrypted, and nobody would notice. */
function privacyConflicts({ privacy }: Partial<MpesaModuleOptions>) {
  return privacy !== undefined && privacy.encryptionKey === undefined
    ? [
        {
          path: 'privacy.encryptionKey',
          message:
            'is missing: give the key to write with, or leave privacy out (environment variable MPESA_ENCRYPTION_KEY)',
        },
      ]
    : [];
}

/** Tokens and passkeys of one environment do not work in the other. */
function hostConflicts({ environment, baseUrl }: Partial<MpesaModuleOptions>) {
  const other = DARAJA_BASE_URLS[environment === 'sandbox' ? 'production' : 'sandbox'];
  return baseUrl !== undefined && new URL(baseUrl).origin === other
    ? [{ path: 'baseUrl', message: `is not of environment '${String(environment)}': leave it out` }]
    : [];
}

const persistenceProblems = ({ persistence }: MpesaModuleExtras): MpesaConfigProblem[] =>
  persistence === undefined
    ? [
        {
          path: 'persistence',
          message:
            'is missing: use typeOrmPersistence(), or say inMemoryPersistence() if losing every attempt at a restart is meant',
        },
      ]
    : [];

function deadlineConflicts(
  { reconciliation }: Partial<MpesaModuleOptions>,
  usable: (path: string) => boolean,
): MpesaConfigProblem[] {
  const names = ['firstAfterMs', 'expireAfterMs', 'giveUpAfterMs'] as const;
  const paths = ['reconciliation', ...names.map((name) => `reconciliation.${name}`)];
  if (!reconciliation || !paths.every(usable)) return [];
  const [first, expire, giveUp] = names.map(
    (name) => reconciliation[name] ?? DEFAULT_RECONCILIATION[name],
  ) as [number, number, number];
  return first <= expire && expire <= giveUp
    ? []
    : [
        {
          path: 'reconciliation',
          message: `must rise: firstAfterMs ${first}, expireAfterMs ${expire}, giveUpAfterMs ${giveUp}`,
        },
      ];
}
