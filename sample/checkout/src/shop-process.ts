import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('./main.js', import.meta.url));

/** The shop in a process of its own, for the demo. */
export class ShopProcess {
  /** Called where somebody else than `stop()` ended it by a signal. */
  onKilled: (signal: NodeJS.Signals) => Promise<void> = () => Promise.resolve();
  private child: ChildProcess | undefined;

  constructor(private readonly env: NodeJS.ProcessEnv) {}

  /** Resolves with the process id, when the shop answers. */
  async start(): Promise<number> {
    const child = fork(MAIN, { env: { ...process.env, ...this.env } });
    this.child = child;
    child.once('exit', (code, signal) => {
      if (this.child !== child) return;
      if (signal) void this.onKilled(signal);
      else process.exit(code ?? 1);
    });
    await once(child, 'message');
    return child.pid ?? 0;
  }

  async stop(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
}
