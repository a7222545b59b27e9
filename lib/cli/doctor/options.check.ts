import { MpesaConfigError } from '../../mpesa-config.error.js';
import type { ResolvedMpesaOptions } from '../../mpesa-resolved-options.js';
import type { MpesaModuleOptions } from '../../mpesa.options.js';
import { resolved } from '../environment-options.js';
import { findingsOf, type Finding } from './finding.js';

const { ok, warn, fail } = findingsOf('options');

/** The module's own checks and warnings. No options where the module would not start with them. */
export function checkOptions(raw: MpesaModuleOptions): {
  options: ResolvedMpesaOptions | null;
  findings: Finding[];
} {
  try {
    const options = resolved(raw);
    const { environment, account, warnings } = options;
    const good = ok(`${environment}, shortcode ${account.shortCode}, ${account.transactionType}`);
    const warned = warnings.map((warning) => warn(warning, 'See the options in the README.'));
    return { options, findings: [good, ...warned] };
  } catch (error) {
    if (!(error instanceof MpesaConfigError)) throw error;
    const findings = error.problems.map(({ path, message }) =>
      fail(`${path} ${message}`, 'Put it right; the rest is looked at then.'),
    );
    return { options: null, findings };
  }
}
