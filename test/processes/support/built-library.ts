import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { transformSync } from '@swc/core';
import { filesUnder } from '../../support/sources.js';

/** Inside node_modules, so that the compiled files find their packages. */
const CACHE = resolve('node_modules/.cache/mpesa-processes');

const KEPT_MS = 24 * 3_600_000;

/**
 * lib as plain JavaScript, for processes that no test runner compiles for. Apart from dist, which
 * others may be building or clearing. Resolves imports by its own files; the URL ends in a slash.
 */
export function builtLibrary(): string {
  const sources = filesUnder('lib', '.ts').map((file) => ({
    file,
    text: readFileSync(file, 'utf8'),
  }));
  const version = createHash('sha256');
  for (const { file, text } of sources) version.update(`${file}\n${text}\n`);
  const folder = join(CACHE, version.digest('hex').slice(0, 16));
  if (!existsSync(folder)) {
    const draft = `${folder}.${process.pid}`;
    for (const { file, text } of sources) {
      const target = join(draft, relative('lib', file).replace(/\.ts$/, '.js'));
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, transformSync(text, { ...OPTIONS, filename: file }).code);
    }
    writeFileSync(join(draft, 'package.json'), '{ "type": "module" }');
    // Whole or not at all: another worker may be at the same.
    if (!existsSync(folder)) renameSync(draft, folder);
    removeOld();
  }
  return `${pathToFileURL(folder).href}/`;
}

/** Builds that no run can be using any more. */
function removeOld(): void {
  for (const name of readdirSync(CACHE)) {
    const folder = join(CACHE, name);
    if (Date.now() - statSync(folder).mtimeMs > KEPT_MS) rmSync(folder, { recursive: true });
  }
}

const OPTIONS = {
  module: { type: 'es6' },
  sourceMaps: 'inline',
  jsc: {
    target: 'es2022',
    keepClassNames: true,
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
  },
} as const;
