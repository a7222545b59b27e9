// What `npm pack` would put into the package: each file belongs to a source of lib or to the short list,
// nothing that is needed is missing, and the size is what it was, about. Needs the build.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

// Maps with their sources are more than half of it: far from the code they compress badly.
const MAX_PACKED_BYTES = 1_500_000;
const MAX_UNPACKED_BYTES = 6_000_000;
const ALONE = [
  'CHANGELOG.md',
  'LICENSE',
  'README.md',
  'package.json',
  'dist/cjs/package.json',
  // Every error leads here.
  'docs/codes.md',
];

const output = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'ignore'],
});
const [pack] = Object.values(JSON.parse(output));
const paths = pack.files.map(({ path }) => path);

/** Modules that entries share are made by the build, and of several sources. */
const SHARED = /^dist\/esm\/shared-[A-Z\d]+\.js(?:\.map)?$/;

/** The source that a built file comes of: another file of dist has none, and is left from before. */
function hasSource(path) {
  if (SHARED.test(path)) return true;
  const [, rest] = /^dist\/(?:esm|cjs)\/(.+)$/.exec(path) ?? [];
  if (rest === undefined) return false;
  const source = rest.replace(/(?:\.d\.(c?)ts|\.(c?)js(?:\.map)?)$/, (_, a, b) => `.${a ?? b}ts`);
  return existsSync(`lib/${source}`) || existsSync(`lib/${rest}`);
}

const { exports: entries, bin } = JSON.parse(
  execFileSync('npm', ['pkg', 'get', 'exports', 'bin'], { encoding: 'utf8' }),
);
const targets = [...JSON.stringify({ entries, bin }).matchAll(/"(?:\.\/)?(dist\/[^"]+)"/g)];
const needed = [...ALONE, ...targets.map(([, path]) => path)];

const problems = [
  ...paths.filter((path) => !ALONE.includes(path) && !hasSource(path)).map((p) => `stray: ${p}`),
  ...needed.filter((path) => !paths.includes(path)).map((path) => `missing: ${path}`),
];
if (pack.size > MAX_PACKED_BYTES) problems.push(`packed: ${pack.size} > ${MAX_PACKED_BYTES}`);
if (pack.unpackedSize > MAX_UNPACKED_BYTES)
  problems.push(`unpacked: ${pack.unpackedSize} > ${MAX_UNPACKED_BYTES}`);
for (const problem of problems) console.error(problem);
console.log(`${paths.length} files, ${pack.size} bytes packed, ${pack.unpackedSize} unpacked`);
process.exitCode = problems.length === 0 ? 0 : 1;
