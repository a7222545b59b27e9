import { readFileSync } from 'node:fs';
import { exportsOf } from '../support/sources.js';

// The lists are checked in: a name that comes or goes shows in the diff of a change, and belongs in
// CHANGELOG.md.
describe.each([
  'index',
  'testing',
  'typeorm',
  'redis',
  'microservices',
  'terminus',
  'opentelemetry',
])('the entry %s', (entry) => {
  it('exports what its list says', () => {
    const list = readFileSync(`test/unit/public-api/${entry}.txt`, 'utf8').trimEnd().split('\n');
    expect(exportsOf(`lib/${entry}.ts`)).toEqual(list);
  });
});
