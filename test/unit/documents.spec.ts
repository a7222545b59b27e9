import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { anchorsOf } from '../support/markdown.js';

// Those of docs/ are read by the spec of the site.
const DOCUMENTS = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'sample/checkout/README.md',
  'sample/cluster/README.md',
];

describe.each(DOCUMENTS)('%s', (document) => {
  const links = [...readFileSync(document, 'utf8').matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target!)
    .filter((target) => !/^https?:/.test(target));

  it('leads only to what is there', () => {
    const broken = links.filter((target) => {
      const [path, anchor] = target.split('#') as [string, string?];
      const file = path === '' ? document : join(dirname(document), path);
      if (!existsSync(file)) return true;
      return anchor !== undefined && !anchorsOf(readFileSync(file, 'utf8')).includes(anchor);
    });
    expect(broken).toEqual([]);
  });
});

it('the security page names a test for each threat', () => {
  const rows = readFileSync('SECURITY.md', 'utf8').match(/^\| (?!threat|---).*$/gm)!;
  expect(rows.length).toBeGreaterThan(10);
  expect(rows.filter((row) => !/\]\((test|scripts)\//.test(row))).toEqual([]);
});
