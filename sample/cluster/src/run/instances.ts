import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';

const MAIN = fileURLToPath(new URL('../shop/main.js', import.meta.url));

interface Instance {
  process: ChildProcess;
  url: string;
}

/** The instances of the shop, each a process; now and then one is killed, and another takes its place. */
export class Instances {
  kills = 0;
  private running: Instance[] = [];
  private turn = 0;
  private isOver = false;
  private killing: Promise<void> = Promise.resolve();

  constructor(private readonly environment: NodeJS.ProcessEnv) {}

  async start(count: number): Promise<void> {
    await Promise.all(Array.from({ length: count }, () => this.add()));
  }

  /** Where the next request goes; undefined while there is none. */
  next(): string | undefined {
    this.turn += 1;
    return this.running[this.turn % this.running.length]?.url;
  }

  killEvery(ms: number): void {
    if (ms > 0) this.killing = this.killNowAndThen(ms);
  }

  /** Asks those that are left to end, and gives how many ended by themselves, with 0. */
  async stop(): Promise<{ asked: number; ended: number }> {
    this.isOver = true;
    await this.killing;
    const codes = await Promise.all(
      this.running.map(async ({ process }) => {
        const exit = once(process, 'exit');
        process.kill('SIGTERM');
        const [code] = (await exit) as [number | null];
        return code;
      }),
    );
    return { asked: codes.length, ended: codes.filter((code) => code === 0).length };
  }

  private async killNowAndThen(ms: number): Promise<void> {
    for (;;) {
      await sleep(ms);
      if (this.isOver) return;
      const [oldest] = this.running;
      if (!oldest) continue;
      this.running = this.running.filter((instance) => instance !== oldest);
      oldest.process.kill('SIGKILL');
      this.kills += 1;
      await this.add();
    }
  }

  private async add(): Promise<void> {
    const child = fork(MAIN, { env: { ...this.environment, PORT: '0' } });
    const ready = once(child, 'message').then(([message]) => (message as { url: string }).url);
    const failed = once(child, 'exit').then(() => {
      throw new Error('An instance ended while it started; its log is above.');
    });
    const url = await Promise.race([ready, failed]);
    failed.catch(() => undefined);
    this.running.push({ process: child, url });
  }
}
