import type { AttemptRecord } from '../../../lib/attempts/attempt-record.js';
import type { AttemptStore } from '../../../lib/attempts/attempt-store.js';
import type { Decide } from '../../../lib/attempts/decision.js';
import type { Evidence } from '../../../lib/attempts/evidence.js';
import type { InMemoryAttemptStore } from '../../../lib/attempts/in-memory-attempt.store.js';
import type { BrokenRule, World } from './world.js';

/** The store, with another `settle()`. */
const settling = (
  store: InMemoryAttemptStore,
  settle: AttemptStore['settle'],
): InMemoryAttemptStore =>
  new Proxy(store, {
    get: (target, name) => {
      if (name === 'settle') return settle;
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === 'function' ? (member as () => unknown).bind(target) : member;
    },
  });

const deciding =
  (change: (decide: Decide) => Decide) =>
  (store: InMemoryAttemptStore): AttemptStore =>
    settling(store, (target, evidence, decide) => store.settle(target, evidence, change(decide)));

/** Whatever amount a callback names is the one that was asked for. */
const withoutAmounts = (evidence: Evidence, { amount }: AttemptRecord): Evidence =>
  evidence.kind === 'callback' && evidence.callback.metadata.amount !== undefined
    ? {
        ...evidence,
        callback: { ...evidence.callback, metadata: { ...evidence.callback.metadata, amount } },
      }
    : evidence;

/** Reads, thinks, and writes over whatever was written meanwhile. */
function overwriting(store: InMemoryAttemptStore, world: World): AttemptStore {
  return settling(store, async (target, evidence, decide) => {
    const id =
      'attemptId' in target
        ? target.attemptId
        : world.attempts.first('tokenHash', target.tokenHash)?.id;
    const read = world.attempts.get(id ?? '');
    await world.clock.sleep(world.chance.between(10, 5_000));
    return store.settle(target, evidence, (current, piece, facts) =>
      decide(read ?? current, piece, facts),
    );
  });
}

export const BROKEN_RULES: Record<string, { rule: BrokenRule; notices: string }> = {
  'the amount is not compared': {
    rule: {
      store: deciding(
        (decide) => (attempt, evidence, facts) =>
          decide(attempt, withoutAmounts(evidence, attempt), facts),
      ),
    },
    notices: 'I6',
  },
  'an update is not conditional': { rule: { store: overwriting }, notices: 'I5' },
  'a callback is answered before it is committed': {
    rule: { answersFirst: true },
    notices: 'I12',
  },
  'a push is sent again after a reset': {
    rule: {
      send: (send) => async (call) => {
        const result = await send(call);
        return result.kind === 'failure' ? { ...result, sent: false } : result;
      },
    },
    notices: 'I3',
  },
  'a success that comes late is taken for a repetition': {
    rule: {
      store: deciding((decide) => (attempt, evidence, facts) => {
        const decision = decide(attempt, evidence, facts);
        const isLate = decision.events.some(({ type }) => type === 'stk.completed-late');
        if (!isLate) return decision;
        return { attempt, events: [], settlesOrder: false, callback: decision.callback };
      }),
    },
    notices: 'I17',
  },
};
