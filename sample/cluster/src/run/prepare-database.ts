import pg from 'pg';
import { DataSource } from 'typeorm';
import { SERVICES } from '../services.js';
import { DATABASE } from '../shop/database.js';

/** Makes the run's database anew: whatever an earlier run left in it is gone. */
export async function prepareDatabase(): Promise<void> {
  const url = new URL(SERVICES.database);
  const name = url.pathname.slice(1);
  if (!/^\w*cluster\w*$/.test(name)) {
    throw new Error(`The database is made anew: its name must have "cluster" in it, not ${name}.`);
  }
  url.pathname = '/postgres';
  const server = new pg.Client({ connectionString: url.href });
  await server.connect();
  await server.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await server.query(`CREATE DATABASE ${name}`);
  await server.end();

  const dataSource = await new DataSource(DATABASE).initialize();
  await dataSource.runMigrations();
  await dataSource.destroy();
}
