import { mpesaEntities, mpesaMigrations } from 'nestjs-mpesa/typeorm';
import { SERVICES } from '../services.js';
import { CreateShipments1764200000000 } from './shipments.migration.js';

/** One database for all instances. */
export const DATABASE = {
  type: 'postgres' as const,
  url: SERVICES.database,
  entities: mpesaEntities({ type: 'postgres' }),
  migrations: [CreateShipments1764200000000, ...mpesaMigrations()],
};
