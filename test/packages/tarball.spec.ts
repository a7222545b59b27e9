import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { run, tarball } from './consumer.js';
import { filesUnder, packageOf, specifiersOf } from '../support/sources.js';

const PACKAGE = JSON.parse(readFileSync('package.json', 'utf8')) as { exports: object };

/** What of the ES modules is a file of its own: the entries, and the file that tells its place. */
const entries = new Set([
  ...Object.keys(PACKAGE.exports).map((path) => path.replace(/^\.\/?/, '') || 'index'),
  'cli/main',
  'testing/virtual-phone/assets-directory',
]);

let folder: string;
let files: string[];

const bin = (name: string) => resolve('node_modules/.bin', name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mpesa-unpacked-'));
  await run(folder, 'tar', '-xzf', tarball, '--strip-components=1');
  files = filesUnder(folder, '').map((file) => file.slice(folder.length + 1));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe('the packed package', () => {
  it('has types of each source file for both formats, its code, and nothing else', () => {
    const sources = filesUnder('lib', '.ts', '.cts').map((file) => file.slice('lib/'.length));
    const of = (format: string, file: string, ...endings: string[]) => {
      const c = file.endsWith('.cts') ? 'c' : '';
      const base = `dist/${format}/${file.replace(/\.c?ts$/, '')}`;
      return endings.map((ending) => `${base}${ending.replace('*', c)}`);
    };
    const compiled = sources.flatMap((file) => [
      ...of('cjs', file, '.*js', '.*js.map', '.d.*ts'),
      ...of('esm', file, '.d.*ts'),
    ]);
    const whole = sources
      .filter((file) => entries.has(file.replace(/\.c?ts$/, '')))
      .flatMap((file) => of('esm', file, '.*js', '.*js.map'));
    const shared = files.filter((file) => /^dist\/esm\/shared-[A-Z\d]+\.js(\.map)?$/.test(file));
    const page = filesUnder('lib/testing/virtual-phone', '.html', '.css', '.js', '.svg');
    const assets = ['esm', 'cjs'].flatMap((format) =>
      page.map((file) => file.replace('lib/', `dist/${format}/`)),
    );
    const others = [
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'package.json',
      'dist/cjs/package.json',
      'docs/codes.md',
    ];
    expect(shared.length).toBeLessThan(80);
    expect(files).toEqual([...compiled, ...whole, ...shared, ...assets, ...others].sort());
  });

  it('stays small', async () => {
    expect((await stat(tarball)).size).toBeLessThan(1_500_000);
  });

  it('passes publint, warnings and suggestions included', async () => {
    const { code, text } = await run(dirname(tarball), bin('publint'), tarball, '--strict');
    expect(text).toContain('All good!');
    expect(code).toBe(0);
  });

  it('has the right types for every way to resolve it', async () => {
    const { code, text } = await run(dirname(tarball), bin('attw'), tarball, '--no-color');
    expect(text).toContain('No problems found');
    expect(code).toBe(0);
  });

  it('mentions no optional package in the types of the core', async () => {
    const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
      peerDependenciesMeta: Record<string, unknown>;
    };
    const optional = Object.keys(manifest.peerDependenciesMeta);
    // What belongs to the entries that are for an optional package may mention it.
    const forOptional = /[\\/](typeorm|microservices|terminus|opentelemetry)([\\/]|\.d\.)/;
    const types = filesUnder(join(folder, 'dist'), '.d.ts', '.d.cts').filter(
      (file) => !forOptional.test(file),
    );
    const used = types.flatMap((file) => specifiersOf(file).map(packageOf));
    expect(used).toContain('@nestjs/common');
    expect(optional.filter((name) => used.includes(name))).toEqual([]);
  });
});
