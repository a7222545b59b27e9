// The API pages of the documentation site: each entry of package.json, and a warning is an error.
import { readFileSync } from 'node:fs';

const manifest = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));
const entries = Object.keys(manifest.exports).filter((path) => path !== './package.json');

/** @type {import('typedoc').TypeDocOptions} */
export default {
  entryPoints: entries.map((path) => `lib/${path === '.' ? 'index' : path.slice(2)}.ts`),
  tsconfig: 'tsconfig.esm.json',
  plugin: ['typedoc-plugin-markdown'],
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
  // A property says by its name and type what it is, or has a comment where that is not enough.
  requiredToBeDocumented: [
    'Accessor',
    'Class',
    'Enum',
    'Function',
    'Interface',
    'Method',
    'TypeAlias',
    'Variable',
  ],
  treatWarningsAsErrors: true,
};
