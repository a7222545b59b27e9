import ts from 'typescript';

/** The signatures of what an entry exports, sorted by name: without comments, bodies and what is private. */
export class ApiReport {
  private readonly program: ts.Program;
  private readonly emitted = new Map<string, ts.SourceFile>();
  private readonly printer = ts.createPrinter({ removeComments: true });

  constructor(entries: readonly string[]) {
    const { config } = ts.readConfigFile('tsconfig.esm.json', (path) => ts.sys.readFile(path)) as {
      config: object;
    };
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, process.cwd());
    this.program = ts.createProgram([...entries], {
      ...options,
      emitDeclarationOnly: true,
      stripInternal: true,
    });
    this.program.emit(undefined, (path, text, _bom, _error, sources) => {
      if (!path.endsWith('.d.ts')) return;
      const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
      this.emitted.set(sources![0]!.fileName, source);
    });
  }

  of(entry: string): string {
    const checker = this.program.getTypeChecker();
    const module = checker.getSymbolAtLocation(this.program.getSourceFile(entry)!)!;
    return checker
      .getExportsOfModule(module)
      .map((symbol) => {
        const own = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
        return { name: symbol.name, texts: own.declarations!.flatMap((one) => this.textsOf(one)) };
      })
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ name, texts }) => `${name}\n${[...new Set(texts)].join('\n')}`)
      .join('\n\n');
  }

  private textsOf(declaration: ts.Declaration): string[] {
    const source = this.emitted.get(declaration.getSourceFile().fileName);
    const name = ts.getNameOfDeclaration(declaration)?.getText();
    if (!source || name === undefined) throw new Error('A declaration that was not emitted');
    const isInjected =
      ts.isClassDeclaration(declaration) && (ts.getDecorators(declaration) ?? []).length > 0;
    return source.statements
      .filter((statement) => namesOf(statement).includes(name))
      .map((statement) => this.print(publicPartOf(statement, isInjected), source));
  }

  private print(node: ts.Node, source: ts.SourceFile): string {
    return this.printer.printNode(ts.EmitHint.Unspecified, node, source);
  }
}

function namesOf(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  }
  const { name } = statement as Partial<ts.DeclarationStatement>;
  return name ? [name.text] : [];
}

/** Nest calls the constructor of what it injects: that is nobody else's concern. */
function publicPartOf(statement: ts.Statement, isInjected: boolean): ts.Statement {
  if (!ts.isClassDeclaration(statement)) return statement;
  const members = statement.members.filter(
    (member) =>
      (ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Private) === 0 &&
      !(isInjected && ts.isConstructorDeclaration(member)),
  );
  const { modifiers, name, typeParameters, heritageClauses } = statement;
  return ts.factory.updateClassDeclaration(
    statement,
    modifiers,
    name,
    typeParameters,
    heritageClauses,
    members,
  );
}
