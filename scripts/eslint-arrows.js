// An ESLint rule: which folder of lib may import which. ESLint's own no-restricted-imports sees only
// the text of a specifier, and cannot tell lib/events from lib/attempts/events.
import { dirname, relative, resolve, sep } from 'node:path';

/** Folders of the core, with those that each must not import. `root` is the files of lib itself. */
const forbidden = {
  root: [],
  accounts: ['callback', 'events', 'reconciliation', 'admin'],
  attempts: ['accounts', 'stk', 'callback', 'events', 'reconciliation', 'admin'],
  daraja: ['accounts', 'stk', 'callback', 'events', 'reconciliation', 'admin'],
  callback: ['accounts', 'daraja', 'stk', 'reconciliation', 'admin'],
  events: ['accounts', 'daraja', 'stk', 'callback', 'reconciliation', 'admin'],
  stk: ['accounts', 'callback', 'admin'],
  reconciliation: ['accounts', 'callback', 'admin'],
  admin: ['accounts'],
};

/** Here a type may be imported, and a value only from the named file. */
const typesOnly = {
  attempts: { daraja: [] },
  daraja: { attempts: ['clock.js'] },
};

const outsideTheCore = [
  'typeorm',
  'testing',
  'terminus',
  'redis',
  'microservices',
  'opentelemetry',
  'cli',
];

/** Packages that an application may not have installed. */
const optional =
  /^(typeorm|@opentelemetry\/api|@nestjs\/(typeorm|event-emitter|cqrs|swagger|terminus|microservices|testing))$/;

function problemWith(from, specifier, lib, isType) {
  const [folder, file] = place(from, lib);
  if (outsideTheCore.includes(folder) || (folder === 'root' && outsideTheCore.includes(file)))
    return null;
  if (!specifier.startsWith('.')) {
    return optional.test(specifier) ? `The core works without ${specifier}.` : null;
  }
  const [target, targetFile] = place(resolve(dirname(from), specifier), lib);
  const name = target === 'root' ? targetFile : target;
  if (outsideTheCore.includes(name)) return `The core does not know lib/${name}.`;
  if (forbidden[folder]?.includes(target)) return `lib/${folder} does not depend on lib/${target}.`;
  const values = typesOnly[folder]?.[target];
  if (values && !isType && !values.includes(targetFile))
    return `lib/${folder} takes only types from lib/${target}.`;
  return null;
}

/** [folder of lib, rest of the path], extension of a file of lib itself left out. */
function place(path, lib) {
  const parts = relative(lib, path).split(sep);
  if (parts.length === 1) return ['root', parts[0].replace(/\.[cm]?[jt]s$/, '')];
  return [parts[0], parts.slice(1).join('/')];
}

export const arrows = {
  meta: { type: 'problem', schema: [{ type: 'string' }] },
  create(context) {
    const [lib] = context.options;
    function check(node) {
      if (typeof node.source?.value !== 'string') return;
      const isType =
        node.importKind === 'type' ||
        node.exportKind === 'type' ||
        (node.specifiers?.length > 0 &&
          node.specifiers.every((name) => (name.importKind ?? name.exportKind) === 'type'));
      const message = problemWith(context.filename, node.source.value, lib, isType);
      if (message) context.report({ node, message });
    }
    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
    };
  },
};
