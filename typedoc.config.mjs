// The API pages of the documentation site: each entry of package.json, and a warning is an error.
import { readFileSync } from 'node:fs';
import { Converter, ReflectionKind } from 'typedoc';

const manifest = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));
const entries = Object.keys(manifest.exports).filter((path) => path !== './package.json');

/** What stands in a constant, or in a type that has no name, is told of by the comment of what it is in. */
function takeInnersAsDocumented(app) {
  // A parameter in between makes it a type of a function's, which typedoc does not ask about.
  const isTold = ({ parent }) =>
    Boolean(parent) &&
    !parent.kindOf([ReflectionKind.Parameter, ReflectionKind.Interface, ReflectionKind.Class]) &&
    (parent.hasComment() || isTold(parent));
  app.converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => {
    const isOurs = (property) =>
      project.getSymbolIdFromReflection(property)?.packageName === project.packageName;
    const inners = project
      .getReflectionsByKind(ReflectionKind.Property)
      .filter((property) => !property.hasComment() && isTold(property) && isOurs(property));
    app.options
      .getValue('intentionallyNotDocumented')
      .push(...new Set(inners.map((inner) => inner.getFriendlyFullName())));
  });
}

/** @type {import('typedoc').TypeDocOptions} */
export default {
  entryPoints: entries.map((path) => `lib/${path === '.' ? 'index' : path.slice(2)}.ts`),
  tsconfig: 'tsconfig.esm.json',
  plugin: ['typedoc-plugin-markdown', takeInnersAsDocumented],
  out: 'docs/api',
  entryFileName: 'index.md',
  name: 'API',
  readme: 'none',
  disableSources: true,
  hideBreadcrumbs: true,
  hidePageHeader: true,
  excludeInternal: true,
  excludePrivate: true,
  excludeProtected: true,
  modifierTags: ['@publicApi', '@internal'],
  validation: { notExported: false, invalidLink: true, notDocumented: true },
  // Not the constructors: a class of the module is made by Nest, any other is told of by its own comment.
  requiredToBeDocumented: [
    'Accessor',
    'Class',
    'Enum',
    'Function',
    'Interface',
    'Method',
    'Property',
    'TypeAlias',
    'Variable',
  ],
  treatWarningsAsErrors: true,
};
