import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { run } from '../../../lib/cli/run.js';

interface Printed {
  baseUrl: string;
  phoneUrl: string;
  seed: number;
  environment: Record<string, string>;
}

/** Runs a command line that ends as soon as it has started what it starts. */
const runAndStop = async (...args: string[]) => {
  const out: string[] = [];
  const errors: string[] = [];
  const code = await run(args, {
    write: (text) => out.push(text),
    writeError: (text) => errors.push(text),
    stopped: Promise.resolve(),
  });
  return { code, out: out.join(''), error: errors.join('') };
};

describe('nestjs-mpesa', () => {
  it.each([['--help'], ['-h'], ['emulator', '--help']])(
    'explains itself: %s %s',
    async (...args) => {
      const { code, out, error } = await runAndStop(...args.filter(Boolean));

      expect([code, error]).toEqual([0, '']);
      expect(out).toContain('Usage: nestjs-mpesa <command>');
    },
  );

  it.each([
    [[], 'No command.'],
    [['emulate'], 'Unknown command "emulate".'],
    [['emulator', '--prot', '1'], "'--prot'"],
    [['emulator', 'now'], "'now'"],
    [['emulator', '--port', '65536'], '--port'],
    [['emulator', '--port', '40x'], '--port'],
    [['emulator', '--port', ''], '--port'],
    [['emulator', '--pin', '12'], '--pin'],
    [['emulator', '--seed', '1.5'], '--seed'],
  ])('refuses %j with exit code 2 and its usage', async (args, complaint) => {
    const { code, out, error } = await runAndStop(...args);

    expect([code, out]).toEqual([2, '']);
    expect(error).toContain(complaint);
    expect(error).toContain('Usage: nestjs-mpesa <command>');
  });

  it('prints the addresses and the environment to use', async () => {
    const { code, out } = await runAndStop('emulator', '--port', '0', '--seed', '5');

    expect(code).toBe(0);
    const baseUrl = /http:\/\/127\.0\.0\.1:\d+/.exec(out)![0];
    expect(out).toContain(`${baseUrl}/phone\n`);
    expect(out).toContain(`MPESA_BASE_URL=${baseUrl}\n`);
    expect(out).toContain('MPESA_SHORT_CODE=174379\n');
    expect(out).toMatch(/Seed +5\n/);
  });

  it('fails with exit code 1 if the port is taken', async () => {
    let release: () => void = () => undefined;
    const out: string[] = [];
    const stopped = new Promise<void>((resolve) => (release = resolve));
    let started: () => void = () => undefined;
    const listening = new Promise<void>((resolve) => (started = resolve));
    const first = run(['emulator', '--port', '0', '--json'], {
      write: (text) => {
        out.push(text);
        started();
      },
      writeError: () => undefined,
      stopped,
    });
    await listening;
    const { port } = new URL((JSON.parse(out[0]!) as Printed).baseUrl);

    const { code, error } = await runAndStop('emulator', '--port', port);
    release();

    expect(code).toBe(1);
    expect(error).toContain('EADDRINUSE');
    expect(await first).toBe(0);
  });
});

describe('the program', () => {
  let directory: string;
  let program: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'nestjs-mpesa-cli-'));
    program = join(directory, 'main.cjs');
    await build({
      entryPoints: ['lib/cli/main.ts'],
      outfile: program,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      logLevel: 'silent',
    });
  });

  afterAll(() => rm(directory, { recursive: true }));

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'runs until %s, and leaves nothing open',
    async (signal) => {
      const child = spawn(process.execPath, [program, 'emulator', '--port', '0', '--json']);
      const exited = new Promise((resolve) =>
        child.once('exit', (...how) => {
          resolve(how);
        }),
      );
      child.stdout.setEncoding('utf8');
      const line = await new Promise<string>((resolve) => child.stdout.once('data', resolve));
      const printed = JSON.parse(line) as Printed;

      const answer = await fetch(`${printed.phoneUrl}/api/state`);
      expect(await answer.json()).toEqual({ phones: [], pinHint: '1234' });
      expect(printed.environment).toMatchObject({
        MPESA_ENVIRONMENT: 'sandbox',
        MPESA_BASE_URL: printed.baseUrl,
      });
      child.kill(signal);

      expect(await exited).toEqual([0, null]);
    },
  );

  it('has the exit code of what went wrong', async () => {
    const child = spawn(process.execPath, [program, 'nonsense']);

    expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(2);
  });
});
