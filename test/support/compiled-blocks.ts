import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readFileSync } from 'node:fs';
import { type CodeBlock, codeBlocksOf } from './markdown.js';
import { TypeScriptProgram } from './typescript-program.js';

/** The TypeScript of a document: each named block as a file beside the others. */
export class CompiledBlocks {
  private readonly all: readonly CodeBlock[];
  private readonly program: TypeScriptProgram;
  // Under node_modules, as packages are found from there and nothing else looks there.
  private readonly folder: string;

  constructor(document: string) {
    this.all = codeBlocksOf(readFileSync(document, 'utf8'));
    this.program = new TypeScriptProgram(
      new Map(this.of('ts').map(({ file, code }) => [pathOf(file), code])),
    );
    const name = document.replace(/\W/g, '-');
    this.folder = resolve(`node_modules/.cache/nestjs-mpesa-${name}-${process.pid}`);
  }

  /** Those of a language, in their order. */
  of(language: string): CodeBlock[] {
    return this.all.filter((block) => block.language === language);
  }

  /** What the compiler says of a block. */
  problemsOf(file: string | null): string[] {
    return this.program.problemsOf(pathOf(file));
  }

  /** Runs the block of this name, without `.ts`. */
  async load(name: string): Promise<unknown> {
    await mkdir(this.folder, { recursive: true });
    for (const [path, text] of this.program.emit()) {
      await writeFile(join(this.folder, path.replace(/^document\/(.*)\.ts$/, '$1.mjs')), text);
    }
    return import(join(this.folder, `${name}.mjs`)) as Promise<unknown>;
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }
}

/** Nowhere on disk: where the document's application would be in this checkout. */
const pathOf = (file: string | null) => `document/${file ?? 'unnamed.ts'}`;
