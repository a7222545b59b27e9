import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitepress';
import { ownLinks } from './own-links.mjs';
import { pages } from './nav.mjs';

const titleOf = (page) =>
  /^(?:# |title: )(.+)$/m.exec(readFileSync(new URL(`../${page}.md`, import.meta.url), 'utf8'))[1];

const sidebar = Object.entries(pages).map(([text, names]) => ({
  text,
  items: names.map((page) => ({ text: titleOf(page), link: `/${page}` })),
}));
sidebar.at(-1).items.push({ text: 'API', link: '/api/' });

export default defineConfig({
  title: 'nestjs-mpesa',
  description: 'M-Pesa STK Push for NestJS',
  cleanUrls: true,
  base: process.env.DOCS_BASE ?? '/',
  markdown: {
    config: (md) => md.use(ownLinks),
  },
  themeConfig: {
    nav: [
      { text: 'First payment', link: '/first-payment' },
      { text: 'Reference', link: '/reference' },
      { text: 'API', link: '/api/' },
    ],
    sidebar,
    outline: [2, 3],
    search: { provider: 'local' },
  },
});
