import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';

/**
 * What an ES module prints that imports from `lib`, in a process of its own: Jest's is not the one whose
 * environment Node reads.
 */
export async function runWithEnv(source: string, env: Record<string, string>): Promise<string> {
  const bundled = execFileSync(
    'node_modules/.bin/esbuild',
    ['--bundle', '--packages=external', '--format=esm', '--platform=node', '--loader=ts'],
    { input: source, encoding: 'utf8' },
  );
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--no-warnings', '--input-type=module', '--eval', bundled],
    { env: { ...process.env, ...env } },
  );
  return stdout.trim();
}
