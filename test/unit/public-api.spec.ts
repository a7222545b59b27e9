import { readFileSync } from 'node:fs';
import { ApiReport } from '../support/api-report.js';
import { exportsOf } from '../support/sources.js';

const { exports: entriesOfPackage } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  exports: Record<string, unknown>;
};
const entries = Object.keys(entriesOfPackage)
  .filter((path) => path !== './package.json')
  .map((path) => (path === '.' ? 'index' : path.slice(2)));
const report = new ApiReport(entries.map((entry) => `lib/${entry}.ts`));

// The lists and signatures are checked in: what comes, goes or changes shows in the diff of a change, and
// belongs in CHANGELOG.md. `npm test -- test/unit/public-api -u` takes new signatures in.
describe.each(entries)('the entry %s', (entry) => {
  it('exports what its list says', () => {
    const list = readFileSync(`test/unit/public-api/${entry}.txt`, 'utf8').trimEnd().split('\n');
    expect(exportsOf(`lib/${entry}.ts`)).toEqual(list);
  });

  it('has the signatures that it had', () => {
    expect(`\n${report.of(`lib/${entry}.ts`)}\n`).toMatchSnapshot();
  });
});
