import { ConfigModule } from '@nestjs/config';
import { DataSource } from 'typeorm';
import { databaseOptions } from './database-options.js';

// For TypeORM's command line, `npm run migrate`: it reads .env as the shop does.
await ConfigModule.forRoot();

export default new DataSource(databaseOptions());
