import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join } from 'node:path';
import ts from 'typescript';

/** Every file under `folder`, relative to the checkout, that ends in one of `endings`. */
export function filesUnder(folder: string, ...endings: string[]): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** What a source file imports, re-exports, requires or loads with `import()`, types included. */
export function specifiersOf(file: string): string[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(file, 'utf8'), true, true);
  return importedFiles.map(({ fileName }) => fileName);
}

/** The package of a specifier ("@nestjs/common", "rxjs"), or null for a file or a part of Node. */
export function packageOf(specifier: string): string | null {
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
  const isNode = specifier.startsWith('node:') || builtinModules.includes(name);
  return specifier.startsWith('.') || isNode ? null : name;
}

/** The TypeScript files of lib that `entry` reaches by imports, itself among them. */
export function reachableFrom(entry: string): string[] {
  const seen = new Set<string>();
  const open = [entry];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    const from = dirname(file);
    const files = specifiersOf(file).filter((specifier) => specifier.startsWith('.'));
    open.push(...files.map((path) => join(from, path.replace(/js$/, 'ts'))));
  }
  return [...seen].sort();
}

/** The names that an entry exports, types as "type Name"; throws on anything but named exports. */
export function exportsOf(entry: string): string[] {
  const text = readFileSync(entry, 'utf8');
  const source = ts.createSourceFile(entry, text, ts.ScriptTarget.Latest);
  return source.statements
    .flatMap((statement) => {
      const clause = ts.isExportDeclaration(statement) ? statement.exportClause : undefined;
      if (!ts.isExportDeclaration(statement) || !clause || !ts.isNamedExports(clause)) {
        throw new Error(`${entry}: only "export { … } from", not ${statement.getText(source)}`);
      }
      return clause.elements.map((name) =>
        statement.isTypeOnly || name.isTypeOnly ? `type ${name.name.text}` : name.name.text,
      );
    })
    .sort();
}
