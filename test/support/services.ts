import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * Programs outside Node that some suites need. Each probe returns where it is (a path, or a URL), or
 * null.
 */
const probes = {
  chromium: () =>
    process.env.CHROMIUM_PATH ?? findOnPath('chromium', 'chromium-browser', 'google-chrome'),
  postgres: () =>
    findServer(process.env.MPESA_TEST_POSTGRES ?? 'postgres://postgres@127.0.0.1:5432/test'),
  mariadb: () => findServer(process.env.MPESA_TEST_MARIADB ?? 'mariadb://root@127.0.0.1:3306/test'),
  redis: () => findServer(process.env.MPESA_TEST_REDIS ?? 'redis://127.0.0.1:6379'),
  rabbitmq: () =>
    findServer(process.env.MPESA_TEST_RABBITMQ ?? 'amqp://guest:guest@127.0.0.1:5672'),
  /** With JetStream. */
  nats: () => findServer(process.env.MPESA_TEST_NATS ?? 'nats://127.0.0.1:4222'),
};

/** The name of such a program. */
export type Service = keyof typeof probes;

/** Where `service` is on this machine; throws when it is not there. */
export function locate(service: Service): string {
  const place = probes[service]();
  if (place === null) throw new Error(`${service} is not on this machine`);
  return place;
}

/**
 * A `describe` that needs `service`. Without it the suite is left out, and the run ends by naming it;
 * with MPESA_TEST_SERVICES=required the suite runs all the same, and fails where it looks for it.
 */
export function describeWith(service: Service, name: string, suite: () => void): void {
  if (probes[service]() !== null || process.env.MPESA_TEST_SERVICES === 'required') {
    describe(name, suite);
  } else {
    // test/support/left-out.reporter.js looks for these words.
    describe.skip(`${name} [left out: no ${service} on this machine]`, suite);
  }
}

function findOnPath(...names: string[]): string | null {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const files = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return files.find(isExecutable) ?? null;
}

/** A server that listens. Asked in a process of its own, as suites are defined synchronously. */
function findServer(url: string): string | null {
  const { hostname, port } = new URL(url);
  const connect = `
    const socket = require('node:net').connect(${Number(port)}, ${JSON.stringify(hostname)});
    socket.setTimeout(2000, () => process.exit(1));
    socket.on('error', () => process.exit(1));
    socket.on('connect', () => process.exit(0));`;
  return spawnSync(process.execPath, ['-e', connect]).status === 0 ? url : null;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
