// Follows each link of the built documentation site: to a page that is there, and to a place on it.
// VitePress itself looks at pages only.
import { readdir, readFile } from 'node:fs/promises';
import { join, posix, relative, sep } from 'node:path';

const SITE = 'docs/.vitepress/dist';
const base = process.env.DOCS_BASE ?? '/';

const files = (await readdir(SITE, { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile())
  .map((entry) => relative(SITE, join(entry.parentPath, entry.name)).split(sep).join('/'));
const pages = new Map();
for (const file of files.filter((name) => name.endsWith('.html'))) {
  const html = await readFile(join(SITE, file), 'utf8');
  const all = (pattern) => [...html.matchAll(pattern)].map(([, value]) => decodeURI(value));
  pages.set(file, {
    ids: new Set(all(/\sid="([^"]+)"/g)),
    links: new Set(all(/<a\s[^>]*?href="([^"]+)"/g)),
  });
}

/** `api/` and `events` as the file that a server gives out for it. */
const fileOf = (path) => (path === '' || path.endsWith('/') ? `${path}index.html` : `${path}.html`);

const broken = [];
for (const [file, { links }] of pages) {
  for (const link of links) {
    if (/^[a-z]+:/.test(link)) continue;
    const [path, anchor] = link.split('#');
    const absolute = path.startsWith(base)
      ? path.slice(base.length)
      : posix.join(posix.dirname(file), path);
    const target = path === '' ? file : fileOf(absolute.replace(/\.html$/, ''));
    const page = pages.get(target);
    if (!page && !files.includes(absolute)) broken.push(`${file}: ${link}`);
    else if (page && anchor && !page.ids.has(anchor)) broken.push(`${file}: ${link}`);
  }
}
for (const line of broken) console.error(line);
console.log(`${pages.size} pages, ${broken.length} broken links`);
process.exitCode = broken.length === 0 && pages.size > 5 ? 0 : 1;
