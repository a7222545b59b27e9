import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What a child tells, always an object with a `type`. */
export interface ChildMessage {
  type: string;
}

/** A Node process of this benchmark, with which we exchange messages. */
export class Child {
  private readonly messages: ChildMessage[] = [];
  private readonly waiting = new Set<() => void>();
  private ended: string | null = null;

  private constructor(
    private readonly name: string,
    private readonly child: ChildProcess,
  ) {
    child.on('message', (message: ChildMessage) => {
      this.messages.push(message);
      this.wakeAll();
    });
    child.on('exit', (code, signal) => {
      this.ended = signal ?? `exit code ${code ?? 'unknown'}`;
      this.wakeAll();
    });
  }

  /** Starts a compiled module of this folder, such as `settle/hand-written.app.js`. */
  static start(module: string, environment: Record<string, string>): Child {
    const file = fileURLToPath(new URL(`../${module}`, import.meta.url));
    // Its output to our stderr: our stdout is the report.
    const stdio = ['ignore', 2, 2, 'ipc'] as const;
    const child = fork(file, { env: { ...process.env, ...environment }, stdio: [...stdio] });
    return new Child(module, child);
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error(`${this.name} did not start`);
    return this.child.pid;
  }

  tell(message: ChildMessage & Record<string, unknown>): void {
    this.child.send(message);
  }

  /** The next message of a type, and of that content, that was not taken yet. */
  async next<T extends ChildMessage>(
    type: T['type'],
    timeoutMs: number,
    accepts: (message: T) => boolean = () => true,
  ): Promise<T> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const index = this.messages.findIndex(
        (message) => message.type === type && accepts(message as T),
      );
      if (index >= 0) return this.messages.splice(index, 1)[0] as T;
      if (this.ended !== null) throw new Error(`${this.name} ended by itself: ${this.ended}`);
      if (Date.now() >= deadline) throw new Error(`${this.name} said no "${type}" in time`);
      await this.news(deadline - Date.now());
    }
  }

  /** Resolves when something came in, or the time is up. */
  private async news(timeoutMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, timeoutMs);
      this.waiting.add(wake);
    });
  }

  private wakeAll(): void {
    for (const wake of [...this.waiting]) wake();
  }

  /** Ends it at once, as a crash would. */
  async kill(): Promise<void> {
    if (this.ended !== null) return;
    const exit = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await exit;
  }
}
