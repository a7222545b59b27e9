import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { type CodeBlock, codeBlocksOf } from './markdown.js';
import { readConfig, TypeScriptProgram } from './typescript-program.js';

/** The TypeScript of a document: each named block as a file beside the others. */
export class CompiledBlocks {
  private readonly all: readonly CodeBlock[];
  private program: TypeScriptProgram | undefined;
  // Under node_modules, as packages are found from there and nothing else looks there.
  private readonly folder: string;

  constructor(document: string) {
    this.all = codeBlocksOf(readFileSync(document, 'utf8'));
    const name = document.replace(/\W/g, '-');
    this.folder = resolve(`node_modules/.cache/nestjs-mpesa-${name}-${process.pid}`);
  }

  /** Those of a language, in their order. */
  of(language: string): CodeBlock[] {
    return this.all.filter((block) => block.language === language);
  }

  /** What the compiler says of a block. */
  problemsOf(file: string | null): string[] {
    this.program ??= new TypeScriptProgram(
      new Map(this.of('ts').map((block) => [pathOf(block.file), block.code])),
    );
    return this.program.problemsOf(pathOf(file));
  }

  /** Runs the block of this name, without `.ts`. */
  async load<Exports>(name: string): Promise<Exports> {
    await mkdir(this.folder, { recursive: true });
    const compilerOptions = { ...readConfig().options, module: ts.ModuleKind.ES2022 };
    for (const { file, code } of this.of('ts')) {
      const { outputText } = ts.transpileModule(code, { compilerOptions });
      await writeFile(join(this.folder, file!.replace(/\.ts$/, '.mjs')), outputText);
    }
    return import(join(this.folder, `${name}.mjs`)) as Promise<Exports>;
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }
}

/** Nowhere on disk: where the document's application would be in this checkout. */
const pathOf = (file: string | null) => `document/${file ?? 'unnamed.ts'}`;
