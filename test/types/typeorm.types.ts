// Checked by the compiler alone: each @ts-expect-error fails the build where the line is right after all.
import type { EntityManager } from 'typeorm';
import type { StkService } from '../../lib/index.js';
import type { StkPushInput } from '../../lib/stk/stk-push-input.js';
import type { mpesaEntities } from '../../lib/typeorm.js';

declare const stk: StkService;
declare const input: StkPushInput;
declare const manager: EntityManager;
declare const entitiesOf: typeof mpesaEntities;

export const right = [
  stk.prepare(input),
  stk.prepare(input, { manager }),
  entitiesOf({ type: 'mariadb', tablePrefix: 'pay_' }),
];

export const wrong = [
  // @ts-expect-error -- no manager of TypeORM's
  stk.prepare(input, { manager: { query: () => [] } }),
  // @ts-expect-error -- no database that we have tables for
  entitiesOf({ type: 'oracle' }),
];
