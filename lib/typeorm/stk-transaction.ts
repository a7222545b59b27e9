import type { EntityManager } from 'typeorm';

declare module '../attempts/stk-transaction.js' {
  // The caller's transaction is TypeORM's.
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type
  interface StkTransaction extends EntityManager {}
}
