import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { until } from '../support/until.js';

const DEADLINE_MS = 60_000;

/** Starts the built demo as a person starts it, on free ports and with an empty database. */
export async function startDemo(env: Record<string, string> = {}): Promise<DemoProcess> {
  const demo = new DemoProcess(await mkdtemp(join(tmpdir(), 'nestjs-mpesa-demo-')), env);
  try {
    await demo.start();
    return demo;
  } catch (error) {
    demo.kill();
    throw error;
  }
}

/** The demo, running. */
export class DemoProcess {
  shopUrl = '';
  phoneUrl = '';
  private readonly child: ChildProcessByStdio<null, Readable, Readable>;
  private readonly ended: Promise<unknown[]>;
  private output = '';
  private shopPid = 0;

  constructor(
    private readonly folder: string,
    env: Record<string, string>,
  ) {
    const DEMO_DATABASE = join(folder, 'demo.sqlite');
    const defaults = { NODE_ENV: undefined, PORT: '0', EMULATOR_PORT: '0', DEMO_DATABASE };
    this.child = spawn(process.execPath, ['sample/checkout/dist/demo.js'], {
      env: { ...process.env, ...defaults, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.ended = once(this.child, 'exit');
    const read = (chunk: Buffer): void => {
      this.output += chunk.toString();
    };
    this.child.stdout.on('data', read);
    this.child.stderr.on('data', read);
  }

  async start(): Promise<void> {
    this.shopPid = Number(await this.printed(/The shop is process (\d+)/));
    this.shopUrl = await this.printed(/Shop +(http\S+)/);
    this.phoneUrl = await this.printed(/Virtual phone +(http\S+)/);
  }

  /** `kill -9` of the shop alone. Resolves when the demo has started it again. */
  async killShop(): Promise<void> {
    this.output = '';
    process.kill(this.shopPid, 'SIGKILL');
    this.shopPid = Number(await this.printed(/The shop is process (\d+)/));
  }

  /** Ctrl+C. Resolves with the exit code. */
  async stop(): Promise<number | null> {
    this.child.kill('SIGINT');
    const [code] = (await this.ended) as [number | null];
    await rm(this.folder, { recursive: true, force: true });
    return code;
  }

  /** For a demo that did not start. */
  kill(): void {
    this.child.kill('SIGKILL');
    if (this.shopPid) process.kill(this.shopPid, 'SIGKILL');
  }

  /** What the pattern's parentheses hold, as soon as the demo has printed it. */
  private async printed(pattern: RegExp): Promise<string> {
    const found = (): string | undefined => pattern.exec(this.output)?.[1];
    const isOver = (): boolean => found() !== undefined || this.child.exitCode !== null;
    await until(isOver, DEADLINE_MS).catch(() => undefined);
    const text = found();
    if (text) return text;
    throw new Error(`The demo did not print ${String(pattern)}, but:\n${this.output}`);
  }
}
