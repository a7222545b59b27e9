import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describeResultCode } from '../../lib/index.js';
import { RESULT_CODES } from '../../lib/daraja/result-codes.catalogue.js';
import { anchorsOf, codeBlocksOf, type CodeBlock } from '../support/markdown.js';
import { filesUnder } from '../support/sources.js';
import { TypeScriptProgram } from '../support/typescript-program.js';

const pages = readdirSync('docs')
  .filter((file) => file.endsWith('.md') && file !== 'index.md')
  .sort();
const read = (page: string): string => readFileSync(join('docs', page), 'utf8');
const load = <T>(module: string): Promise<T> => import(join(process.cwd(), module)) as Promise<T>;

const isTypeScript = ({ language }: CodeBlock): boolean => language === 'ts';

const blocks = pages.flatMap((page) =>
  codeBlocksOf(read(page))
    .filter(isTypeScript)
    .map((block) => ({ ...block, page, name: block.file ?? `line-${block.line}.ts` })),
);

describe('the pages of the documentation', () => {
  it('each have a place in the side bar', async () => {
    const nav = await load<{ pages: Record<string, string[]> }>('docs/.vitepress/nav.mjs');
    const named = Object.values(nav.pages).flatMap((names) => names.map((name) => `${name}.md`));
    expect(named.sort()).toEqual(pages);
  });

  it.each(pages)('%s leads only to what is there', (page) => {
    const text = codeBlocksOf(read(page)).reduce(
      (rest, { code }) => rest.replace(code, ''),
      read(page),
    );
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!);
    const broken = links
      .filter((target) => !/^[a-z]+:/.test(target))
      .filter((target) => {
        const [path, anchor] = target.split('#') as [string, string?];
        const file = path === '' ? join('docs', page) : join(dirname(join('docs', page)), path);
        if (!existsSync(file)) return true;
        return anchor !== undefined && !anchorsOf(readFileSync(file, 'utf8')).includes(anchor);
      });
    expect(broken).toEqual([]);
  });
});

describe('the code of the documentation', () => {
  // As if each page were a folder of this checkout: its blocks may import each other.
  const path = (page: string, name: string) => `docs/${page.replace('.md', '')}/${name}`;
  const program = new TypeScriptProgram(
    new Map(blocks.map(({ page, name, code }) => [path(page, name), code])),
  );

  it('has no two blocks of one name on a page', () => {
    const names = blocks.map(({ page, name }) => path(page, name));
    expect(new Set(names).size).toBe(names.length);
  });

  it('says where each block goes', () => {
    expect(blocks.length).toBeGreaterThan(20);
    expect(blocks.filter(({ file }) => file === null)).toEqual([]);
  });

  it.each(blocks)('compiles: $page, line $line', ({ page, name }) => {
    expect(program.problemsOf(path(page, name))).toEqual([]);
  });
});

it.each(['README.md', ...pages.map((page) => `docs/${page}`)])(
  'every block of %s is run by a test',
  (document) => {
    const own = codeBlocksOf(readFileSync(document, 'utf8')).filter(isTypeScript);
    const tests = filesUnder('test', '.spec.ts')
      .map((file) => readFileSync(file, 'utf8'))
      .filter((text) => text.includes(`new CompiledBlocks('${document}')`));
    const isRun = (name: string): boolean =>
      tests.some((text) => text.includes(`'${name}'`)) ||
      own.some(({ code }) => code.includes(`from './${name}.js'`));
    const names = own.map(({ file }) => file!.replace(/\.ts$/, ''));
    expect(names.filter((name) => !isRun(name))).toEqual([]);
  },
);

it('the page of codes is what `npm run docs:codes` makes', async () => {
  const { codeReference, errorRows } = await load<{
    codeReference: (rows: object[], codes: object[]) => Promise<string>;
    errorRows: (readme: string) => object[];
  }>('scripts/code-reference.mjs');
  const rows = errorRows(readFileSync('README.md', 'utf8'));
  const codes = RESULT_CODES.map(({ code }) => describeResultCode(code));
  expect(rows.length).toBeGreaterThan(10);
  expect(read('codes.md')).toBe(await codeReference(rows, codes));
});
