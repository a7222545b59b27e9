import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';

/** The demo, running as a person runs it. */
export interface DemoProcess {
  shopUrl: string;
  phoneUrl: string;
  /** Ctrl+C. Resolves with the exit code. */
  stop(): Promise<number | null>;
}

const START_DEADLINE_MS = 60_000;

/** What `npm run demo` does before it starts. */
export async function buildDemo(): Promise<void> {
  await promisify(execFile)('npm', ['run', 'build']);
  await promisify(execFile)('npm', ['run', 'build', '--workspace=sample/checkout']);
}

/** Starts the built demo on free ports. */
export async function startDemo(env: Record<string, string> = {}): Promise<DemoProcess> {
  const child = spawn(process.execPath, ['sample/checkout/dist/demo.js'], {
    env: { ...process.env, NODE_ENV: undefined, PORT: '0', EMULATOR_PORT: '0', ...env },
  });
  const ended = once(child, 'exit');
  let output = '';
  const urls = new Promise<{ shopUrl: string; phoneUrl: string }>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      const [, shopUrl] = /Shop +(http\S+)/.exec(output) ?? [];
      const [, phoneUrl] = /Virtual phone +(http\S+)/.exec(output) ?? [];
      if (shopUrl && phoneUrl) resolve({ shopUrl, phoneUrl });
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    const fail = (what: string) => () => {
      reject(new Error(`The demo ${what} before it printed its addresses:\n${output}`));
    };
    child.once('exit', fail('ended'));
    AbortSignal.timeout(START_DEADLINE_MS).addEventListener('abort', fail('took too long'));
  });
  const stop = async (): Promise<number | null> => {
    child.kill('SIGINT');
    const [code] = (await ended) as [number | null];
    return code;
  };
  try {
    return { ...(await urls), stop };
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}
