import { CliProgram } from '../../support/cli-program.js';
import { commandLine, type Ended } from '../../support/command-line.js';

interface Printed {
  baseUrl: string;
  phoneUrl: string;
  seed: number;
  environment: Record<string, string>;
}

/** Runs a command line that ends as soon as it has started what it starts. */
const runAndStop = (...args: string[]) => commandLine(args, { signal: AbortSignal.abort() });

const COMMANDS = ['doctor', 'push', 'query', 'decode', 'emulator'];

describe('nestjs-mpesa', () => {
  it.each(['--help', '-h', 'help'])('explains itself: %s', async (argument) => {
    const { code, out, error } = await runAndStop(argument);

    expect([code, error]).toEqual([0, '']);
    expect(out).toContain('Usage: nestjs-mpesa [options] [command]');
    for (const command of COMMANDS) expect(out).toContain(`  ${command} `);
  });

  it.each(COMMANDS)('explains %s with examples and exit codes', async (command) => {
    const { code, out, error } = await runAndStop(command, '--help');

    expect([code, error]).toEqual([0, '']);
    expect(out).toContain(`Usage: nestjs-mpesa ${command}`);
    expect(out).toContain('--json');
    expect(out).toContain(`Examples:\n  $ npx nestjs-mpesa ${command}`);
    expect(out).toMatch(/Exit codes:\n {2}0 {2}\w/);
  });

  it.each([
    [[], 'Commands:'],
    [['emulate'], "unknown command 'emulate'"],
    [['emulator', '--prot', '1'], "'--prot'"],
    [['emulator', 'now'], 'too many arguments'],
    [['emulator', '--port', '65536'], '--port'],
    [['emulator', '--port', '40x'], '--port'],
    [['emulator', '--port', ''], '--port'],
    [['emulator', '--pin', '12'], '--pin'],
    [['emulator', '--seed', '1.5'], '--seed'],
  ])('refuses %j with exit code 2 and its usage', async (args, complaint) => {
    const { code, out, error } = await runAndStop(...args);

    expect([code, out]).toEqual([2, '']);
    expect(error).toContain(complaint);
    expect(error).toContain('Usage: nestjs-mpesa');
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
    const stop = new AbortController();
    let first: Promise<Ended>;
    const line = await new Promise<string>((onWrite) => {
      const at = { signal: stop.signal, onWrite };
      first = commandLine(['emulator', '--port', '0', '--json'], at);
    });
    const { port } = new URL((JSON.parse(line) as Printed).baseUrl);

    const { code, error } = await runAndStop('emulator', '--port', port);
    stop.abort();

    expect(code).toBe(1);
    expect(error).toContain('EADDRINUSE');
    expect((await first!).code).toBe(0);
  });
});

describe('the program', () => {
  let program: CliProgram;

  beforeAll(async () => {
    program = await CliProgram.build();
  });

  afterAll(() => program.remove());

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'runs until %s, and leaves nothing open',
    async (signal) => {
      const child = program.start(['emulator', '--port', '0', '--json']);
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
    expect(await program.run(['nonsense'])).toMatchObject({ code: 2, out: '' });
  });
});
