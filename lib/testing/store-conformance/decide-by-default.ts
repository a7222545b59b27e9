import { decide } from '../../attempts/decide/decide.js';
import type { Decide } from '../../attempts/decision.js';
import { describeResultCode } from '../../daraja/result-codes.js';

/** The package's own reading of evidence, with the options' defaults. */
export const decideByDefault: Decide = (attempt, evidence, facts) =>
  decide(attempt, evidence, {
    ...facts,
    describeResultCode,
    confirmation: () => 'callback',
    scheduledQueries: true,
    firstAfterMs: 15_000,
    expireAfterMs: 300_000,
    giveUpAfterMs: 172_800_000,
  });
