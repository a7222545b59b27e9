import 'reflect-metadata';
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { SECTIONS, type Section } from './sections.js';
import { connect, dropAllSchemas } from './support/database.js';
import { describeMachine } from './support/machine.js';
import { type Figure, table } from './support/report.js';
import { writeResults } from './support/results-page.js';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    explain: { type: 'boolean', default: false },
    only: { type: 'string' },
    out: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});
const { quick, explain, only, out, write } = values;

try {
  await run();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  // Applications may still be up; those in processes of their own end with this one.
  process.exit(1);
}

async function run(): Promise<void> {
  const names = Object.keys(SECTIONS);
  const wanted = only?.split(',') ?? names;
  const unknown = wanted.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new Error(`--only is some of ${names.join(', ')}`);
  if (quick && write) throw new Error('--quick proves that it runs; its figures are not written');
  const client = await connect();
  try {
    await dropAllSchemas(client);
    const machine = (await describeMachine(client)).map((line) => `- ${line}`).join('\n');
    const all: Figure[] = [];
    for (const name of wanted) {
      process.stderr.write(`${name} …\n`);
      const section = SECTIONS[name as Section];
      const found = await section({ client, quick, explain });
      // A few calls judge nothing.
      const figures = quick ? found.map((figure) => ({ ...figure, reached: null })) : found;
      process.stderr.write(`${table(figures)}\n`);
      if (write) await writeResults(name, machine, figures);
      all.push(...figures);
    }
    const report = `${machine}\n\n${table(all)}\n`;
    process.stdout.write(`\n${report}`);
    if (out !== undefined) await writeFile(out, report);
  } finally {
    await dropAllSchemas(client);
    await client.end();
  }
}
