import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { build } from 'esbuild';
import type { Ended } from './command-line.js';

/**
 * The command line as a program of its own: with its signals, and what Node reads at its start. It is built
 * without the metadata of decorators, so that what Nest injects is out of its reach.
 */
export class CliProgram {
  private constructor(private readonly directory: string) {}

  static async build(): Promise<CliProgram> {
    // Under node_modules, as packages are found from there.
    await mkdir('node_modules/.cache', { recursive: true });
    const directory = await mkdtemp(resolve('node_modules/.cache/nestjs-mpesa-cli-'));
    await build({
      entryPoints: ['lib/cli/main.ts'],
      outfile: join(directory, 'main.cjs'),
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'cjs',
      logLevel: 'silent',
    });
    return new CliProgram(directory);
  }

  start(args: string[], environment: Record<string, string> = {}): ChildProcessWithoutNullStreams {
    return spawn(process.execPath, [join(this.directory, 'main.cjs'), ...args], {
      env: { ...process.env, ...environment },
    });
  }

  /** Runs it to its end. */
  async run(args: string[], environment: Record<string, string> = {}): Promise<Ended> {
    const child = this.start(args, environment);
    const exited = new Promise<number>((done) => child.once('exit', done));
    const [out, error, code] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
    return { code, out, error };
  }

  remove(): Promise<void> {
    return rm(this.directory, { recursive: true });
  }
}
