import { cpus, totalmem, type } from 'node:os';
import type { Client } from 'pg';

/** The machine and the database's settings, without which no figure means anything. */
export async function describeMachine(client: Client): Promise<string[]> {
  const cores = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const setting = async (name: string) => {
    const { rows } = await client.query<{ value: string }>('SELECT current_setting($1) AS value', [
      name,
    ]);
    return `${name} ${rows[0]?.value ?? '?'}`;
  };
  const settings = [
    await setting('fsync'),
    await setting('synchronous_commit'),
    await setting('shared_buffers'),
  ];
  const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
  return [
    `${type()}, ${cores.length} x ${cores[0]?.model.trim() ?? 'unknown CPU'}, ${memory} GiB`,
    `Node ${process.version}`,
    `PostgreSQL ${rows[0]?.server_version ?? '?'}, ${settings.join(', ')}`,
  ];
}
