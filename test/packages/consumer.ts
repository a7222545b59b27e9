import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** The packed package. */
export const tarball = process.env.MPESA_PACKAGE!;

/** What a program left behind. */
export interface Ending {
  code: number | string;
  /** Standard output and standard error. */
  text: string;
  stdout: string;
}

/** Runs a program in `cwd`, without what this Jest put into the environment. */
export function run(cwd: string, command: string, ...commandArguments: string[]): Promise<Ending> {
  const foreign = /^(NODE_|JEST_|npm_)/;
  const own = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  const limits = { maxBuffer: 64 * 1024 * 1024, timeout: 240_000 };
  const options = { cwd, env: Object.fromEntries(own), ...limits };
  return new Promise((done) => {
    execFile(command, commandArguments, options, (error, stdout, stderr) => {
      done({ code: error?.code ?? 0, stdout, text: stdout + stderr });
    });
  });
}

/** An application with the packed package installed, in a folder of its own outside the checkout. */
export class Consumer {
  private constructor(readonly folder: string) {}

  /** Copies `apps/<name>` with the sources that all share, and installs what it asks for. */
  static async create(name: string): Promise<Consumer> {
    const folder = await mkdtemp(join(tmpdir(), `mpesa-${name}-`));
    const apps = resolve('test/packages/apps');
    await cp(join(apps, 'shared'), folder, { recursive: true });
    await cp(join(apps, name), folder, { recursive: true });
    const consumer = new Consumer(folder);
    const flags = ['--no-audit', '--no-fund', '--no-package-lock', '--no-save', '--prefer-offline'];
    const { code, text } = await consumer.run('npm', 'install', ...flags, tarball);
    if (code !== 0) throw new Error(`npm install in ${name}: ${text}`);
    return consumer;
  }

  run(command: string, ...commandArguments: string[]): Promise<Ending> {
    return run(this.folder, command, ...commandArguments);
  }

  node(...nodeArguments: string[]): Promise<Ending> {
    return this.run(process.execPath, ...nodeArguments);
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true });
  }
}
