import { existsSync, readFileSync } from 'node:fs';
import { filesUnder, packageOf, reachableFrom, specifiersOf } from '../support/sources.js';

interface Manifest {
  dependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
  peerDependenciesMeta: Record<string, { optional: boolean }>;
  exports: Record<string, string | Record<string, Record<string, string>>>;
  typesVersions: { '*': Record<string, string[]> };
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
const peers = Object.keys(manifest.peerDependencies);
const optional = Object.keys(manifest.peerDependenciesMeta);
const required = peers.filter((name) => !optional.includes(name));
const own = Object.keys(manifest.dependencies);
const entries = Object.keys(manifest.exports)
  .filter((path) => path !== './package.json')
  .map((path) => (path === '.' ? 'index' : path.slice(2)));

function packagesOf(files: string[]): string[] {
  const names = files.flatMap((file) => specifiersOf(file).map(packageOf));
  return [...new Set(names.filter((name) => name !== null))].sort();
}

describe('package.json', () => {
  it('declares whatever lib imports as a peer; of its own are the command line and the HTTP client', () => {
    const [cli, rest] = [true, false].map((inCli) =>
      packagesOf(
        filesUnder('lib', '.ts', '.cts').filter((file) => file.startsWith('lib/cli/') === inCli),
      ),
    ) as [string[], string[]];
    expect(rest).toContain('@nestjs/common');
    expect(rest.filter((name) => !peers.includes(name))).toEqual(['undici']);
    expect(cli.filter((name) => !peers.includes(name))).toEqual(['commander']);
    expect(own).toEqual(['commander', 'undici']);
  });

  it('has no required peer that lib never imports', () => {
    const used = packagesOf(filesUnder('lib', '.ts', '.cts'));
    // Not imported by us: what @nestjs/common and class-validator's decorators stand on.
    const byOthers = ['reflect-metadata'];
    expect(required.filter((name) => !used.includes(name) && !byOthers.includes(name))).toEqual([]);
  });

  it('has an optional mark only for peers', () => {
    expect(optional.filter((name) => !peers.includes(name))).toEqual([]);
  });

  it.each(['index', 'testing', 'redis'])('needs no optional package for the entry %s', (entry) => {
    const files = reachableFrom(`lib/${entry}.ts`);
    expect(files.length).toBeGreaterThan(5);
    expect(packagesOf(files).filter((name) => ![...required, ...own].includes(name))).toEqual([]);
  });

  it.each(entries)('offers the entry %s to every kind of resolution, types first', (entry) => {
    const half = (format: string) => ({
      types: `./dist/${format}/${entry}.d.ts`,
      default: `./dist/${format}/${entry}.js`,
    });
    const path = entry === 'index' ? '.' : `./${entry}`;
    const conditions = { 'module-sync': half('esm'), import: half('esm'), require: half('cjs') };
    // As text: the order of conditions decides.
    expect(JSON.stringify(manifest.exports[path])).toBe(JSON.stringify(conditions));
    expect(existsSync(`lib/${entry}.ts`)).toBe(true);
    if (entry !== 'index') {
      expect(manifest.typesVersions['*'][entry]).toEqual([`./dist/cjs/${entry}.d.ts`]);
    }
  });
});

describe('package-lock.json', () => {
  it('keeps no download address, so that it installs from any registry', () => {
    const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
      packages: Record<string, { resolved?: string }>;
    };
    const addresses = Object.entries(lock.packages).filter(([, { resolved }]) =>
      resolved?.includes('://'),
    );
    expect(Object.keys(lock.packages).length).toBeGreaterThan(100);
    expect(addresses).toEqual([]);
  });
});
