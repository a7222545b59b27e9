import { readFileSync } from 'node:fs';
import { filesUnder } from '../support/sources.js';

const sources = filesUnder('lib', '.ts', '.cts').map((file) => ({
  file,
  // Comments may name what code must not use.
  code: readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*$/gm, ''),
}));

function filesWith(pattern: RegExp): string[] {
  return sources.filter(({ code }) => pattern.test(code)).map(({ file }) => file);
}

describe('a source file of the package', () => {
  it('has at most 300 lines', () => {
    // Stylesheets, a declaration a line, are counted by nobody.
    const long = filesUnder('lib', '.ts', '.cts', '.html', '.js').filter(
      (file) => readFileSync(file, 'utf8').split('\n').length > 301,
    );
    expect(sources.length).toBeGreaterThan(10);
    expect(long).toEqual([]);
  });

  it('has no import.meta, which CommonJS lacks', () => {
    expect(filesWith(/import\.meta/)).toEqual([]);
  });

  it('has __dirname only as .cts, as ES modules lack it', () => {
    const files = filesWith(/__(dir|file)name/);
    expect(files.filter((file) => !file.endsWith('.cts'))).toEqual([]);
  });

  it('has no Symbol() as token: two copies of the package would not agree on it', () => {
    expect(filesWith(/\bSymbol\(/)).toEqual([]);
  });

  it('reaches into no package, whose inner paths differ between Nest 11 and 12', () => {
    expect(filesWith(/from '(@nestjs\/[a-z-]+|axios|rxjs|class-[a-z]+)\/(?!operators)/)).toEqual(
      [],
    );
  });
});
