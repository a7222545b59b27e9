// Builds the package: the same source twice with tsc, once as ES modules and once as CommonJS.
import { spawn } from 'node:child_process';
import { chmod, cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { extname } from 'node:path';

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
await Promise.all(['esm', 'cjs'].map(copyAssets));
await chmod(new URL('dist/esm/cli/main.js', root), 0o755);
