// Runs every check of the project one after the other, and ends with one line that counts them:
// each test of a Jest run, and each other step as one check.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const steps = [
  { name: 'lint', npm: ['run', 'lint'] },
  { name: 'types', npm: ['run', 'types'] },
  { name: 'dependencies', node: ['scripts/dependencies.mjs'] },
  // In processes that are made anew once they have grown: in one alone the simulation drowns in the rest.
  { name: 'tests', npm: ['test', '--', '--maxWorkers=2'], jest: true },
  { name: 'TypeORM 0.3', npm: ['run', 'test:typeorm-0-3', '--'], jest: true },
  { name: 'build', npm: ['run', 'build'] },
  { name: 'package contents', node: ['scripts/package-contents.mjs'] },
  { name: 'docs', npm: ['run', 'docs'] },
  // Its figures mean nothing there: that it runs does.
  { name: 'benchmarks', npm: ['run', 'bench', '--', '--quick'] },
  { name: 'demo', node: ['scripts/smoke-demo.mjs'] },
  { name: 'packages', npm: ['run', 'test:packages', '--'], jest: true },
];

const results = await mkdtemp(join(tmpdir(), 'mpesa-ci-'));
const total = { passed: 0, failed: 0, skipped: 0 };
for (const step of steps) {
  console.log(`\n== ${step.name}`);
  const started = Date.now();
  const count = step.jest ? await jest(step) : await check(step);
  for (const key of Object.keys(total)) total[key] += count[key];
  const seconds = Math.round((Date.now() - started) / 1000);
  console.log(`== ${step.name}: ${line(count)} (${seconds} s)`);
}
await rm(results, { recursive: true });
console.log(line(total));
process.exitCode = total.failed === 0 ? 0 : 1;

/** One step, one check. */
async function check(step) {
  const ok = step.npm ? await run('npm', step.npm) : await run(process.execPath, step.node);
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
}

/** The numbers of a Jest run. No test executed, no result file, a file that did not load: failures. */
async function jest(step) {
  const file = join(results, `${step.name}.json`);
  const ok = await run('npm', [...step.npm, '--json', `--outputFile=${file}`]);
  const result = await readFile(file, 'utf8').then(JSON.parse, () => null);
  if (result === null) return { passed: 0, failed: 1, skipped: 0 };
  const passed = result.numPassedTests;
  const skipped = result.numPendingTests + result.numTodoTests;
  const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
  const silent = failed === 0 && (!ok || passed === 0);
  return { passed, failed: silent ? 1 : failed, skipped };
}

function run(command, commandArguments) {
  return new Promise((resolve) => {
    const child = spawn(command, commandArguments, { stdio: ['ignore', 'inherit', 'inherit'] });
    child.on('error', (error) => {
      console.error(error.message);
      resolve(false);
    });
    child.on('exit', (code) => resolve(code === 0));
  });
}

function line({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
