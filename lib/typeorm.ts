export {
  typeOrmPersistence,
  type TypeOrmPersistenceOptions,
} from './typeorm/typeorm-persistence.js';
export type { MpesaTableOptions } from './typeorm/schema/table-names.js';
export type { MpesaDatabaseType } from './typeorm/dialects/dialect-of.js';
export {
  MPESA_ENTITIES,
  mpesaEntities,
  type MpesaEntityOptions,
} from './typeorm/schema/mpesa-entities.js';
export { MPESA_MIGRATIONS, mpesaMigrations } from './typeorm/schema/mpesa-migrations.js';
export { runOnce, type RunOnce } from './typeorm/run-once.js';
