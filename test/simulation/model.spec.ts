import fc from 'fast-check';
import type { Evidence } from '../../lib/attempts/evidence.js';
import { aQuery } from '../support/attempts.js';
import { ModelledShop } from './support/modelled-shop.js';
import { ReferenceModel, type Said } from './support/reference-model.js';

/** `npm run test:deep` asks for more. */
const RUNS = Number(process.env.MPESA_TEST_MODEL_RUNS ?? 10_000);
const SEED = Number(process.env.MPESA_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));

interface Where {
  order: number;
  i: number;
}
type Command = fc.AsyncCommand<ReferenceModel, ModelledShop, boolean>;

const NOT_SENT = { kind: 'not-sent', cause: 'connection-refused', sends: 1 } as const;
const UNKNOWN = { kind: 'push-unknown', cause: 'timeout' } as const;

/** A command on one attempt, where there is one. */
const on = (
  name: string,
  { order, i }: Where,
  isPossible: (model: Readonly<ReferenceModel>) => boolean,
  run: (model: ReferenceModel, shop: ModelledShop) => Promise<void>,
): Command => ({
  check: (model) => i < model.orders[order]!.attempts.length && isPossible(model),
  run: async (model, shop) => {
    await run(model, shop);
    await compare(model, shop);
  },
  toString: () => `${name} #${i} of order ${order}`,
});

async function compare(model: ReferenceModel, shop: ModelledShop): Promise<void> {
  for (const order of [0, 1]) {
    const expected = model.orders[order]!.attempts.map(({ status }) => status);
    expect({ order, statuses: await shop.statuses(order) }).toEqual({ order, statuses: expected });
    expect(await shop.slots(order)).toBeLessThanOrEqual(1);
  }
}

const where = fc.record({ order: fc.nat({ max: 1 }), i: fc.nat({ max: 2 }) });
const always = () => true;

const push = fc.nat({ max: 1 }).map<Command>((order) => ({
  check: always,
  run: async (model, shop) => {
    expect(await shop.push(order)).toBe(model.push(order));
    await compare(model, shop);
  },
  toString: () => `push for order ${order}`,
}));

const answer = fc
  .tuple(where, fc.constantFrom('accepted', 'refused', 'not sent', 'unknown', 'left behind'))
  .map(([at, how]) =>
    on(
      how,
      at,
      // One push has one answer.
      (model) => model.orders[at.order]!.attempts[at.i]!.status === 'sending',
      async (model, shop) => {
        const { order, i } = at;
        if (how === 'accepted') await shop.apply(order, i, shop.accepted(order, i));
        else if (how === 'left behind') await shop.leaveBehind(order, i);
        else await shop.apply(order, i, how === 'unknown' ? UNKNOWN : NOT_SENT);
        const known = how === 'left behind' ? 'unknown' : how === 'not sent' ? 'refused' : how;
        model.answer(order, i, known);
      },
    ),
  );

const said = fc.record<Said>({
  what: fc.constantFrom('paid', 'cancelled', 'wrong amount'),
  ids: fc.constantFrom('own', 'own', 'other'),
});
const callback = fc.tuple(where, said, fc.boolean()).map(([at, what, twice]) =>
  on(`callback ${what.what}, ${what.ids} ids`, at, always, async (model, shop) => {
    const evidence = shop.said(at.order, at.i, what);
    await shop.apply(at.order, at.i, evidence);
    if (twice) await shop.apply(at.order, at.i, evidence);
    model.callback(at.order, at.i, what);
  }),
);

const query = fc.tuple(where, fc.constantFrom('0', '1032', '4999')).map(([at, code]) =>
  on(
    `query ${code}`,
    at,
    // Without its id nobody can ask.
    (model) => model.orders[at.order]!.attempts[at.i]!.ids !== null,
    async (model, shop) => {
      await shop.apply(at.order, at.i, aQuery(code));
      model.query(at.order, at.i, code);
    },
  ),
);

const operator = fc.tuple(where, fc.constantFrom('completed', 'failed')).map(([at, to]) =>
  on(`operator: ${to}`, at, always, async (model, shop) => {
    const note = { reason: 'seen on the statement', by: 'jane', receipt: null };
    await shop.apply(at.order, at.i, { kind: 'operator', to, ...note });
    model.operator(at.order, at.i, to);
  }),
);

const tick = fc.constantFrom(1_000, 200_000, 700_000).map<Command>((ms) => ({
  check: always,
  run: async (model, shop) => {
    await shop.tick(ms);
    model.tick(ms);
    await compare(model, shop);
  },
  toString: () => `${ms} ms go by`,
}));

const dispatch = fc.constantFrom('done', 'fails', 'dies').map<Command>((how) => ({
  check: always,
  run: async (_model, shop) => {
    await shop.dispatch(how);
  },
  toString: () => `the handler is told, and ${how}`,
}));

const commands = fc.commands<ReferenceModel, ModelledShop, boolean>(
  [push, answer, callback, query, operator, tick, dispatch],
  { maxCommands: 30 },
);

async function setup() {
  const shop = new ModelledShop();
  await shop.open();
  return { model: new ReferenceModel(), real: shop };
}

describe('attempts, evidence and events', () => {
  beforeAll(() => {
    console.info(`Seed: ${SEED} (MPESA_TEST_SEED), runs: ${RUNS}`);
  });

  it('do what the reference model says, whatever is done to them', async () => {
    await fc.assert(
      fc.asyncProperty(commands, async (cmds) => {
        const state = await setup();
        await fc.asyncModelRun(() => Promise.resolve(state), cmds);
        for (const order of [0, 1]) {
          const expected = state.model.orders[order]!.attempts.map(({ events }) => events);
          expect(await state.real.told(order)).toEqual(expected);
        }
      }),
      { numRuns: RUNS, seed: SEED },
    );
  }, 3_600_000);

  it('come to the same end whichever of several processes is faster', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const { real } = await setup();
        await real.push(0);
        const success = (): Said => ({ what: 'paid', ids: 'own' });
        const pieces = [
          real.accepted(0, 0),
          ...Array.from({ length: 8 }, () => real.said(0, 0, success())),
          ...Array.from({ length: 2 }, () => real.said(0, 0, { ...success(), what: 'cancelled' })),
        ];
        const settle = scheduler.scheduleFunction((evidence: Evidence) =>
          real.apply(0, 0, evidence),
        );
        const underWay: Promise<void>[] = [];
        const begun = pieces.map<Command>((evidence) => ({
          check: always,
          // Begun and not waited for, as by several processes.
          run: () => Promise.resolve(void underWay.push(settle(evidence))),
          toString: () => evidence.kind,
        }));
        const state = { model: new ReferenceModel(), real };
        await fc.scheduledModelRun(scheduler, () => state, begun);
        await scheduler.waitIdle();
        await Promise.all(underWay);
        expect(await real.statuses(0)).toEqual(['completed']);
        const [told] = await real.told(0);
        expect(told!.filter((type) => type.startsWith('completed'))).toHaveLength(1);
      }),
      { numRuns: Math.ceil(RUNS / 10), seed: SEED },
    );
  }, 3_600_000);
});
