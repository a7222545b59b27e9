import { historyEntry, type StkHistoryEntry } from './attempt-history.js';
import type { AttemptRecord } from './attempt-record.js';
import type { Decide, Decision, StoreFacts } from './decision.js';
import { factsNeeded, type FactsNeeded } from './decide/facts-needed.js';
import type { CallbackReceived, Evidence } from './evidence.js';

/** What a store's open transaction can be asked while it settles an attempt. */
export interface SettleTransaction {
  /** Reads the facts, with this attempt taken as the one that asks. */
  facts(attempt: AttemptRecord, needed: FactsNeeded): Promise<StoreFacts>;
  /** Callbacks that came while the attempt was `sending`, oldest first. */
  deferredCallbacks(attempt: AttemptRecord): Promise<CallbackReceived[]>;
}

/** Everything that one transaction has to write. */
export interface SettleResult extends Decision {
  /** The deferred callbacks that were decided with it, and what became of each. */
  undeferred: { callback: CallbackReceived; disposition: Decision['callback'] }[];
  /** What is to be remembered of it, in order. */
  history: StkHistoryEntry[];
  /**
   * Whether the attempt takes a new version: where it changes, and where a callback has to wait for it, so
   * that whoever read it before that cannot pass the callback over.
   */
  raisesVersion: boolean;
}

/**
 * Decides one piece of evidence, and with it the callbacks that had to wait for our own push response:
 * the part of a settlement that is alike in every store.
 */
export async function settle(
  transaction: SettleTransaction,
  attempt: AttemptRecord,
  evidence: Evidence,
  decide: Decide,
): Promise<SettleResult> {
  const history: StkHistoryEntry[] = [];
  const step = async (current: AttemptRecord, piece: Evidence, settled: boolean) => {
    const facts = await transaction.facts(current, factsNeeded(current, piece));
    const decision = decide(current, piece, settled ? { ...facts, settledBy: current.id } : facts);
    const entry = historyEntry(current, piece, decision, facts.now);
    if (entry) history.push(entry);
    return decision;
  };
  const first = await step(attempt, evidence, false);
  const raisesVersion = first.attempt !== attempt || first.callback === 'deferred';
  const result: SettleResult = { ...first, undeferred: [], history, raisesVersion };
  const left = attempt.status === 'sending' && result.attempt.status !== 'sending';
  if (!left) return result;
  for (const callback of await transaction.deferredCallbacks(attempt)) {
    const next = await step(result.attempt, callback, result.settlesOrder);
    result.attempt = next.attempt;
    result.events.push(...next.events);
    result.settlesOrder ||= next.settlesOrder;
    result.undeferred.push({ callback, disposition: next.callback });
  }
  return result;
}
