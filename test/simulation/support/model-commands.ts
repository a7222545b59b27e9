import fc from 'fast-check';
import { aQuery } from '../../support/attempts.js';
import type { ModelledShop } from './modelled-shop.js';
import type { ModelAttempt, ReferenceModel, Said } from './reference-model.js';

export type Command = fc.AsyncCommand<ReferenceModel, ModelledShop>;

/** One attempt, as the model knows it, and where it is. */
interface Place {
  order: number;
  i: number;
  known: ModelAttempt;
}

async function compare(model: ReferenceModel, shop: ModelledShop): Promise<void> {
  for (const order of [0, 1]) {
    const expected = model.orders[order]!.attempts.map(({ status, holdsSlot }) => ({
      status,
      holdsSlot,
    }));
    expect({ order, attempts: await shop.attempts(order) }).toEqual({ order, attempts: expected });
  }
}

const order = fc.nat({ max: 1 });

const command = (
  name: string,
  check: (model: Readonly<ReferenceModel>) => boolean,
  run: (model: ReferenceModel, shop: ModelledShop) => Promise<void>,
): Command => ({
  check,
  run: async (model, shop) => {
    await run(model, shop);
    await compare(model, shop);
  },
  toString: () => name,
});

/** A command on one of the attempts that there are, of those that it is possible for. */
function onAttempt<T>(
  what: fc.Arbitrary<T>,
  isPossible: (known: ModelAttempt, what: T) => boolean,
  run: (model: ReferenceModel, shop: ModelledShop, at: Place, what: T) => Promise<void>,
  nameOf: (what: T) => string,
): fc.Arbitrary<Command> {
  return fc.tuple(order, fc.nat({ max: 5 }), what).map(([order, nth, what]) => {
    const places = ({ orders }: Readonly<ReferenceModel>): Place[] =>
      orders[order]!.attempts.map((known, i) => ({ order, i, known })).filter(({ known }) =>
        isPossible(known, what),
      );
    return command(
      `${nameOf(what)}, for attempt ${nth} (of those possible) of order ${order}`,
      (model) => places(model).length > 0,
      async (model, shop) => {
        const possible = places(model);
        await run(model, shop, possible[nth % possible.length]!, what);
      },
    );
  });
}

const open = order.map((order) =>
  command(
    `open for order ${order}`,
    () => true,
    async (model, shop) => {
      expect(await shop.open(order)).toBe(model.open(order));
    },
  ),
);

/** As far as a push comes before its answer: what most stories begin with. */
const push = order.map((order) =>
  command(
    `push for order ${order}`,
    () => true,
    async (model, shop) => {
      const outcome = model.open(order);
      expect(await shop.open(order)).toBe(outcome);
      if (outcome !== 'opened') return;
      const i = model.orders[order]!.attempts.length - 1;
      expect(await shop.claim(order, i, 0)).toBe(model.claim(order, i, 0));
    },
  ),
);

const claim = onAttempt(
  fc.constantFrom(0, 0, -1),
  () => true,
  async (model, shop, { order, i, known }, off) => {
    const sends = known.sends + off;
    expect(await shop.claim(order, i, sends)).toBe(model.claim(order, i, sends));
  },
  (off) => (off ? 'claim what was claimed' : 'claim the send'),
);

const answer = onAttempt(
  fc.record({
    how: fc.constantFrom('accepted', 'accepted', 'refused', 'not sent', 'unknown'),
    isOfSendBefore: fc.boolean(),
  }),
  // One push has one answer.
  ({ isAsking }) => isAsking,
  async (model, shop, { order, i, known }, { how, isOfSendBefore }) => {
    const sends = isOfSendBefore ? known.sends - 1 : known.sends;
    model.answer(order, i, how, sends);
    await shop.answer(order, i, how, sends);
  },
  ({ how }) => how,
);

const callback = onAttempt(
  fc.record({
    what: fc.constantFrom<Said['what']>(
      'paid',
      'paid',
      'cancelled',
      'wrong amount',
      'paid without a receipt',
    ),
    ids: fc.constantFrom<Said['ids']>('own', 'own', 'own', 'other'),
    times: fc.integer({ min: 1, max: 2 }),
  }),
  ({ sends }) => sends > 0,
  async (model, shop, { order, i, known }, { times, ...said }) => {
    const evidence = shop.said(order, i, said);
    for (let time = 0; time < times; time += 1) {
      expect(await shop.call(order, i, known.sends, evidence)).toBe(true);
    }
    model.callback(order, i, said);
  },
  ({ what, ids, times }) => `${what}, with ${ids} ids, ${times} times`,
);

const strayCallback = onAttempt(
  fc.constantFrom(-1, 1),
  () => true,
  async (_model, shop, { order, i, known }, off) => {
    const evidence = shop.said(order, i, { what: 'paid', ids: 'own' });
    expect(await shop.call(order, i, known.sends + off, evidence)).toBe(false);
  },
  () => `paid, with nobody's token`,
);

const query = onAttempt(
  fc.constantFrom('0', '1032', '4999', 'error'),
  // Without its id nobody can ask.
  ({ ids }) => ids !== null,
  async (model, shop, { order, i }, code) => {
    await shop.apply(order, i, code === 'error' ? aQuery(null, false) : aQuery(code));
    model.query(order, i, code);
  },
  (code) => `query ${code}`,
);

const operator = onAttempt(
  fc.constantFrom('completed', 'failed', 'rejected', 'expired'),
  () => true,
  async (model, shop, { order, i }, to) => {
    const note = { reason: 'seen on the statement', by: 'jane', receipt: null };
    await shop.apply(order, i, { kind: 'operator', to, ...note });
    model.operator(order, i, to);
  },
  (to) => `operator: ${to}`,
);

const lateLook = onAttempt(
  fc.constant(null),
  () => true,
  (_model, shop, { order, i }) => shop.lookTooLate(order, i),
  () => 'a look that comes too late',
);

const tick = fc.constantFrom(1_000, 20_000, 200_000, 400_000, 200_000_000).map((ms) =>
  command(
    `${ms} ms go by`,
    () => true,
    async (model, shop) => {
      await shop.tick(ms);
      model.tick(ms);
    },
  ),
);

const dispatch = fc.constantFrom('done', 'fails', 'dies').map((how) =>
  command(
    `the handler is told, and ${how}`,
    () => true,
    async (_model, shop) => {
      await shop.dispatch(how);
    },
  ),
);

const KINDS: fc.Arbitrary<Command>[] = [
  push,
  push,
  open,
  claim,
  answer,
  answer,
  callback,
  callback,
  strayCallback,
  query,
  operator,
  lateLook,
  tick,
  dispatch,
];

/** Stories of up to 30 steps, as long as the longest may be. */
export const stories = fc.commands(KINDS, { maxCommands: 30, size: 'max' });
