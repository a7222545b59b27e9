import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const suite = `
import { describeWith, locate } from '${resolve('test/support/services.ts')}';
describeWith('chromium', 'a page', () => {
  it('opens', () => { expect(locate('chromium')).not.toBe(''); });
});
it('needs nothing', () => { expect(1 + 1).toBe(2); });
`;

/** Runs the suite above in a Jest of its own, on a machine with nothing on its PATH. */
async function run(environment: Record<string, string>): Promise<{ code: unknown; text: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'mpesa-services-'));
  try {
    await writeFile(join(folder, 'page.spec.ts'), suite);
    const nodeArguments = ['--experimental-vm-modules', '--no-warnings'];
    const jest = [resolve('node_modules/jest/bin/jest.js'), '--roots', folder];
    const match = ['--rootDir', resolve('.'), '--testMatch', `${folder}/*.spec.ts`];
    return await new Promise((done) => {
      execFile(
        process.execPath,
        [...nodeArguments, ...jest, ...match],
        { env: { PATH: folder, HOME: folder, ...environment } },
        (error, stdout, stderr) => {
          done({ code: error?.code ?? 0, text: stdout + stderr });
        },
      );
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('a suite that needs a program which is not there', () => {
  it('is left out, and named with the reason as the last thing that the run prints', async () => {
    const { code, text } = await run({});
    expect(text).toContain('1 skipped, 1 passed');
    expect(code).toBe(0);
    expect(text.trim().split('\n').at(-1)).toBe('  a page [left out: no chromium on this machine]');
  }, 60_000);

  it('fails where services are required', async () => {
    const { code, text } = await run({ MPESA_TEST_SERVICES: 'required' });
    expect(text).toContain('chromium is not on this machine');
    expect(code).toBe(1);
  }, 60_000);
});
