import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { assetsDirectory } from '../virtual-phone/assets-directory.cjs';
import type { Exchange } from './exchange.js';

interface PageFile {
  name: string;
  type: string;
}

/** Of both pages: the phone, and its control panel. */
const STYLES = [
  ...['base', 'desk', 'handset', 'tabs', 'messages', 'prompt', 'pin'],
  ...['panel', 'time-line'],
];
const SCRIPTS = [
  ...['page', 'words', 'hand', 'tabs', 'messages', 'pin', 'prompt', 'phone'],
  ...['panel', 'time-line'],
];

const asset = (name: string, type: string): [string, PageFile] => [
  `/phone/${name}`,
  { name, type },
];

const FILES = new Map<string, PageFile>([
  ['/phone', { name: 'index.html', type: 'text/html' }],
  ['/phone/', { name: 'index.html', type: 'text/html' }],
  ['/phone/index.html', { name: 'index.html', type: 'text/html' }],
  ['/phone/panel', { name: 'panel.html', type: 'text/html' }],
  ...STYLES.map((name) => asset(`${name}.css`, 'text/css')),
  ...SCRIPTS.map((name) => asset(`${name}.js`, 'text/javascript')),
]);

export const isPhoneFile = (path: string): boolean => FILES.has(path);

/** Serves a file of the page; no other name is ever looked up. */
export const sendPhoneFile = async (exchange: Exchange): Promise<void> => {
  const file = FILES.get(exchange.path);
  if (!file) return exchange.sendJson(404, { message: 'There is no such file.' });
  return exchange.send({
    status: 200,
    headers: {
      'Content-Type': `${file.type}; charset=utf-8`,
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
    },
    body: await readFile(join(assetsDirectory, file.name), 'utf8'),
  });
};
