import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { run, tarball } from './consumer.js';
import { filesUnder, packageOf, specifiersOf } from '../support/sources.js';

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
  it('has a compiled twin in both formats for each source file, and nothing else', () => {
    const sources = filesUnder('lib', '.ts', '.cts').map((file) => file.slice('lib/'.length));
    const compiled = ['esm', 'cjs'].flatMap((format) =>
      sources.flatMap((file) => {
        const base = `dist/${format}/${file.replace(/\.c?ts$/, '')}`;
        const c = file.endsWith('.cts') ? 'c' : '';
        return [`${base}.${c}js`, `${base}.${c}js.map`, `${base}.d.${c}ts`];
      }),
    );
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
    ];
    expect(files).toEqual([...compiled, ...assets, ...others].sort());
  });

  it('stays small', async () => {
    expect((await stat(tarball)).size).toBeLessThan(1_000_000);
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
