import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Packs the built package once for all suites, into MPESA_PACKAGE (a folder, and the tarball's name). */
export default function pack() {
  if (!existsSync('dist/esm/index.js')) throw new Error('Run `npm run build` first.');
  const folder = mkdtempSync(join(tmpdir(), 'mpesa-package-'));
  const command = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const [{ filename }] = JSON.parse(execFileSync('npm', command, { encoding: 'utf8' }));
  process.env.MPESA_PACKAGE = join(folder, filename);
}
