import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { alternate, ratios } from '../support/alternate.js';
import { type Figure, judgedRatio, reported } from '../support/report.js';
import { spread, withSpread } from '../support/statistics.js';
import { startClient, startDaraja } from './processes.js';
import type { PushSize } from './push.bench.js';
import type { Done } from './pusher.js';

const AT_ONCE = 50;

/** Those of the registry that can be pointed at this machine, and what each leaves out. */
const PEERS = {
  'mpesa-api': { version: '3.0.2', leavesOut: 'a token for each push, no time-out, nothing kept' },
  'mpesa-node': { version: '0.1.3', leavesOut: 'a token for each push, nothing kept' },
};

/** CPU of a push against the other SDKs for JavaScript. */
export async function pushOfPeers({ rounds, pushes }: PushSize): Promise<Figure[]> {
  const folder = await install();
  const daraja = await startDaraja();
  const environment = { BENCH_DARAJA: daraja.url, BENCH_PEERS: folder };
  const names = Object.keys(PEERS) as (keyof typeof PEERS)[];
  const ours = await startClient('push/package.app.js', environment);
  const peers = [];
  for (const name of names) {
    peers.push(await startClient('push/peer.app.js', { ...environment, BENCH_PEER: name }));
  }
  try {
    const results = await alternate(
      Object.fromEntries(
        [ours, ...peers].map((client, n) => [
          names[n - 1] ?? 'ours',
          () => client.round(pushes, AT_ONCE),
        ]),
      ),
      { rounds, warmUps: 2 },
    );
    const cpu = (name: string) => (results[name] ?? []).map(({ cpuMicros }: Done) => cpuMicros);
    return names.flatMap((name) => {
      const { version, leavesOut } = PEERS[name];
      const ratio = spread(ratios(cpu('ours'), cpu(name)));
      const against = `${name} ${version} (${leavesOut})`;
      return [
        judgedRatio(`CPU of a push in memory, ${AT_ONCE} at once`, against, ratio, { atMost: 1 }),
        reported(
          'the same in µs',
          name,
          `${withSpread(spread(cpu('ours')))} : ${withSpread(spread(cpu(name)))}`,
        ),
      ];
    });
  } finally {
    for (const client of [ours, ...peers]) await client.stop();
    await daraja.child.kill();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Into a folder of their own: what they depend on is old, and no business of this package's. */
async function install(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'nestjs-mpesa-peers-'));
  await writeFile(join(folder, 'package.json'), '{ "private": true }');
  const packages = Object.entries(PEERS).map(([name, { version }]) => `${name}@${version}`);
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  await promisify(execFile)('npm', ['install', ...flags, ...packages], { cwd: folder });
  return folder;
}
