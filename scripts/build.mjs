// Builds the package: the same source twice with tsc, once as ES modules and once as CommonJS.
import { spawn } from 'node:child_process';
import { chmod, cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = new URL('../', import.meta.url);
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');

function compile(project) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [tsc, '-p', project], { cwd: root, stdio: 'inherit' });
    child.on('error', reject);
    child.on('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`tsc -p ${project} ended with exit code ${code}`));
    });
  });
}

/**
 * Makes one module of each entry, and a few of what entries share: hundreds of small ES modules take Node
 * several times as long to load. Types stay as they are. CommonJS loads faster, and stays too.
 */
async function bundle() {
  const { exports: entries, bin } = JSON.parse(await readFile(new URL('package.json', root)));
  const { metafile } = await build({
    absWorkingDir: fileURLToPath(root),
    entryPoints: [
      ...Object.values(entries).flatMap((entry) => entry.import?.default ?? []),
      ...Object.values(bin),
    ],
    outbase: 'dist/esm',
    outdir: 'dist/esm',
    allowOverwrite: true,
    chunkNames: 'shared-[hash]',
    bundle: true,
    splitting: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: true,
    metafile: true,
    logLevel: 'error',
    plugins: [{ name: 'directory-of-assets', setup: keepAssetsDirectory }],
  });
  await Promise.all(Object.keys(metafile.outputs).map(giveClassesTheirNames));
  const folder = fileURLToPath(new URL('dist/esm', root));
  for (const file of await readdir(folder, { recursive: true })) {
    const isModule = /\.js(\.map)?$/.test(file);
    if (isModule && !(`dist/esm/${file}` in metafile.outputs)) await rm(join(folder, file));
  }
}

/**
 * A bundle calls a decorated class `Name2` inside of its variable `Name`, and Nest tells classes by that
 * in messages. esbuild's own `keepNames` costs a call for each closure that is ever made.
 */
async function giveClassesTheirNames(output) {
  if (!output.endsWith('.js')) return;
  const file = new URL(output, root);
  const text = await readFile(file, 'utf8');
  await writeFile(
    file,
    text.replaceAll(
      /^(var (\w+) = (?:\2_1 = )?class) \2\d+\b/gm,
      (_, start, name) => `${start} ${name}`,
    ),
  );
}

/** A file that tells its own place stays in it; every module that a bundle makes lies at the top. */
function keepAssetsDirectory({ onResolve }) {
  onResolve({ filter: /assets-directory\.cjs$/ }, () => ({
    path: './testing/virtual-phone/assets-directory.cjs',
    external: true,
  }));
}

/** The files of the virtual phone's page: tsc copies nothing that it does not compile. */
async function copyAssets(target) {
  const page = new URL('lib/testing/virtual-phone/', root);
  await cp(page, new URL(`dist/${target}/testing/virtual-phone/`, root), {
    recursive: true,
    filter: (file) => ['', '.html', '.css', '.js', '.svg'].includes(extname(file)),
  });
}

await rm(new URL('dist', root), { recursive: true, force: true });
await mkdir(new URL('dist/cjs', root), { recursive: true });
// The package says "type": "module"; its CommonJS half has to say otherwise for itself.
await writeFile(new URL('dist/cjs/package.json', root), '{ "type": "commonjs" }\n');
await Promise.all([compile('tsconfig.esm.json'), compile('tsconfig.cjs.json')]);
await bundle();
await Promise.all(['esm', 'cjs'].map(copyAssets));
await chmod(new URL('dist/esm/cli/main.js', root), 0o755);
