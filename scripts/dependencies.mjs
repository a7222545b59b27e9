// Licences and advisories of what an application gets along with this package: its peers and what they need.
// A licence that is not on the list is looked at by a person first.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const ALLOWED =
  /^(MIT|ISC|0BSD|BSD-[23]-Clause|Apache-2\.0|BlueOak-1\.0\.0|Python-2\.0|CC0-1\.0|Unlicense)$/;

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));

/** Where Node finds `name` from a package at `from`. */
function locate(name, from) {
  for (let base = from; ; base = base.replace(/(^|\/)node_modules\/(@[^/]+\/)?[^/]+$/, '')) {
    const path = `${base === '' ? '' : `${base}/`}node_modules/${name}`;
    if (packages[path]) return path;
    if (base === '') return undefined;
  }
}

const found = new Map();
function collect(name, from) {
  const path = locate(name, from);
  if (path === undefined || found.has(path)) return;
  const entry = packages[path];
  found.set(
    path,
    entry.license ?? JSON.parse(readFileSync(`${path}/package.json`, 'utf8')).license,
  );
  for (const each of Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })) {
    collect(each, path);
  }
}
for (const name of Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })) {
  collect(name, '');
}

const isAllowed = (licence) =>
  String(licence)
    .replace(/[()]/g, '')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((one) => ALLOWED.test(one)));
const refused = [...found].filter(([, licence]) => !isAllowed(licence));
for (const [path, licence] of refused) console.error(`${path}: ${licence}`);
console.log(`${found.size} packages, ${refused.length} with a licence that is not on the list`);

// Not every registry knows advisories: one that does not answer says nothing against the packages.
const audit = spawnSync('npm', ['audit', '--json'], { encoding: 'utf8', timeout: 120_000 });
const grave = advisoriesIn(audit.stdout).filter(
  ({ severity, nodes }) =>
    ['high', 'critical'].includes(severity) && nodes.some((path) => found.has(path)),
);
for (const { name, severity, range } of grave) console.error(`${name} ${range}: ${severity}`);
process.exitCode = refused.length + grave.length === 0 && found.size > 0 ? 0 : 1;

function advisoriesIn(output) {
  try {
    const { vulnerabilities } = JSON.parse(output);
    if (vulnerabilities) return Object.values(vulnerabilities);
  } catch {
    // Said below.
  }
  console.log('NOTICE: the registry does not answer npm audit.');
  return [];
}
