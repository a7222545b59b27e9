import { dirname, resolve } from 'node:path';
import ts from 'typescript';

/** A TypeScript program over this checkout, and over files that are nowhere on disk. */
export class TypeScriptProgram {
  private readonly program: ts.Program;
  private readonly checker: ts.TypeChecker;

  /**
   * @param files text by path, relative to the checkout
   * @param roots files of the checkout, for `namesOf()`
   */
  constructor(files: ReadonlyMap<string, string>, roots: readonly string[] = []) {
    const own = new Map([...files].map(([path, text]) => [resolve(path), text]));
    const { options } = readConfig();
    const emitting = { ...options, noEmit: false, allowImportingTsExtensions: false };
    const host = ts.createCompilerHost(emitting);
    const folders = new Set([...own.keys()].map((path) => dirname(path)));
    const { getSourceFile, fileExists, readFile } = host;
    host.getSourceFile = (path, target, ...rest) => {
      const text = own.get(path);
      return text === undefined
        ? getSourceFile.call(host, path, target, ...rest)
        : ts.createSourceFile(path, text, target);
    };
    host.fileExists = (path) => own.has(path) || fileExists.call(host, path);
    host.directoryExists = (path) => folders.has(path) || ts.sys.directoryExists(path);
    host.readFile = (path) => own.get(path) ?? readFile.call(host, path);
    const rootNames = [...own.keys(), ...roots.map((path) => resolve(path))];
    this.program = ts.createProgram(rootNames, emitting, host);
    this.checker = this.program.getTypeChecker();
  }

  /** What the compiler says about one of the files, one line a message, each with its line number. */
  problemsOf(path: string): string[] {
    const source = this.sourceOf(path);
    const diagnostics = [
      ...this.program.getSyntacticDiagnostics(source),
      ...this.program.getSemanticDiagnostics(source),
    ];
    return diagnostics.map(({ start = 0, messageText }) => {
      const { line } = source.getLineAndCharacterOfPosition(start);
      return `line ${line + 1}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
    });
  }

  /** The words of a union of words, or the public members of an interface or a class. */
  namesOf(path: string, typeName: string): string[] {
    const module = this.checker.getSymbolAtLocation(this.sourceOf(path));
    const symbol = module && this.checker.getExportsOfModule(module).find(isNamed(typeName));
    if (!symbol) throw new Error(`${path} exports no ${typeName}`);
    const type = this.checker.getDeclaredTypeOfSymbol(symbol);
    if (type.isUnion()) {
      return type.types.map((word) => (word as ts.StringLiteralType).value);
    }
    return this.checker
      .getPropertiesOfType(type)
      .filter(isPublic)
      .map(({ name }) => name);
  }

  private sourceOf(path: string): ts.SourceFile {
    const source = this.program.getSourceFile(resolve(path));
    if (!source) throw new Error(`${path} is not part of the program`);
    return source;
  }
}

/** What `tsconfig.json` says. */
export function readConfig(): ts.ParsedCommandLine {
  const { config } = ts.readConfigFile('tsconfig.json', (path) => ts.sys.readFile(path)) as {
    config: unknown;
  };
  const none = { ...ts.sys, readDirectory: () => [] };
  return ts.parseJsonConfigFileContent(config, none, process.cwd());
}

const isNamed =
  (wanted: string) =>
  ({ name }: ts.Symbol): boolean =>
    name === wanted;

function isPublic({ declarations = [] }: ts.Symbol): boolean {
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
  return declarations.every((one) => (ts.getCombinedModifierFlags(one) & hidden) === 0);
}
