import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DataSourceOptions } from 'typeorm';

const DEFAULT_FILE = fileURLToPath(new URL('../../.data/shop.sqlite', import.meta.url));

/**
 * SQLite in this process (sql.js): nothing to install, for one process, and never for production. The
 * whole database is in memory, and is written to DATABASE_FILE after each change.
 */
export function embeddedDatabase() {
  const file = process.env.DATABASE_FILE ?? DEFAULT_FILE;
  mkdirSync(dirname(file), { recursive: true });
  return {
    type: 'sqljs',
    location: file,
    autoSave: true,
    // Whole or not at all: a process that is killed while it writes leaves the file of before.
    autoSaveCallback: (content: Uint8Array) => {
      writeFileSync(`${file}.new`, content);
      renameSync(`${file}.new`, file);
    },
    migrationsRun: true,
  } satisfies DataSourceOptions;
}
