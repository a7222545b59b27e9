import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Figure, reported } from '../support/report.js';
import { digits } from '../support/statistics.js';

const run = promisify(execFile);

/** What an application gets that installs the package: peers are what it has already. */
export async function install(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'nestjs-mpesa-install-'));
  try {
    const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder]);
    const [packed] = JSON.parse(stdout) as [{ filename: string; size: number; entryCount: number }];
    await writeFile(join(folder, 'package.json'), '{ "private": true }');
    const flags = ['--legacy-peer-deps', '--ignore-scripts', '--no-audit', '--no-fund'];
    await run('npm', ['install', ...flags, `./${packed.filename}`], { cwd: folder });
    const modules = join(folder, 'node_modules');
    const lock = JSON.parse(await readFile(join(modules, '.package-lock.json'), 'utf8')) as {
      packages: Record<string, unknown>;
    };
    const others = Object.keys(lock.packages)
      .map((path) => path.replace(/^node_modules\//, ''))
      .filter((name) => name !== 'nestjs-mpesa');
    const mib = digits((await sizeOf(modules)) / 2 ** 20);
    return [
      reported('packages that are installed with it', '', others.join(', ') || 'none'),
      reported('size of all that on disk', '', `${mib} MiB`),
      reported('the package itself', '', `${digits(packed.size / 1_024)} KiB, packed`),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map(async (file) => (await stat(join(file.parentPath, file.name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
