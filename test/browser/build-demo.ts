import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { until } from '../support/until.js';

const SAMPLES = ['sample/checkout', 'sample/cluster'];
const SOURCES = ['lib', 'scripts', ...SAMPLES.map((sample) => `${sample}/src`)];
const BUILT = [
  'dist/cjs/index.js',
  'dist/esm/index.js',
  'sample/checkout/dist/main.js',
  'sample/cluster/dist/run/main.js',
];
const CACHE = 'node_modules/.cache/nestjs-mpesa-demo';
/** Names the time of the newest source that was built; as the file's own time it would be rounded. */
const STAMP = join(CACHE, 'built');
const LOCK = join(CACHE, 'building');
const DEADLINE_MS = 280_000;

/**
 * What `npm run demo` and `npm run cluster` do before they start. A build begins by removing the one
 * before, and suites run side by side: one of them builds, and the others find it done.
 */
export async function buildDemo(): Promise<void> {
  await mkdir(CACHE, { recursive: true });
  await until(takeLock, DEADLINE_MS);
  try {
    const newest = String(Math.max(...SOURCES.map(newestIn)));
    const isBuilt = [STAMP, ...BUILT].every((file) => existsSync(file));
    if (isBuilt && readFileSync(STAMP, 'utf8') === newest) return;
    await promisify(execFile)('npm', ['run', 'build']);
    for (const sample of SAMPLES) {
      await promisify(execFile)('npm', ['run', 'build', `--workspace=${sample}`]);
    }
    await writeFile(STAMP, newest);
  } finally {
    await rmdir(LOCK);
  }
}

async function takeLock(): Promise<boolean> {
  // Left by a run that was killed.
  if (Date.now() - modifiedAt(LOCK) > DEADLINE_MS) await rmdir(LOCK).catch(() => undefined);
  return mkdir(LOCK).then(
    () => true,
    () => false,
  );
}

const newestIn = (folder: string): number =>
  Math.max(
    ...readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) =>
      modifiedAt(join(folder, file)),
    ),
  );

/** In ms; now where there is no such file. */
const modifiedAt = (file: string): number =>
  statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
