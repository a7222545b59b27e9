import { readFileSync } from 'node:fs';
import { codeBlocksOf } from '../support/markdown.js';
import { TypeScriptProgram } from '../support/typescript-program.js';

const DOCUMENTS = ['docs/health.md', 'docs/observability.md'];

describe.each(DOCUMENTS)('the code of %s', (document) => {
  const blocks = codeBlocksOf(readFileSync(document, 'utf8')).filter((b) => b.language === 'ts');
  // Nowhere on disk: where the document's application would be in this checkout.
  const source = (file: string | null) => `${document.replace('.md', '')}/${file ?? 'unnamed.ts'}`;
  const program = new TypeScriptProgram(
    new Map(blocks.map(({ file, code }) => [source(file), code])),
  );

  it('has a name for each block, and for no two the same', () => {
    const names = blocks.map(({ file }) => file);
    expect(names.length).toBeGreaterThan(0);
    expect(names).not.toContain(null);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(blocks)('compiles: $file, line $line', ({ file }) => {
    expect(program.problemsOf(source(file))).toEqual([]);
  });
});
