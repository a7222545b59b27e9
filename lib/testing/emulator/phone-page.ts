import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { assetsDirectory } from '../virtual-phone/assets-directory.cjs';
import type { Exchange } from './exchange.js';

const FILES = new Map([
  ['/phone', { name: 'index.html', type: 'text/html' }],
  ['/phone/', { name: 'index.html', type: 'text/html' }],
  ['/phone/index.html', { name: 'index.html', type: 'text/html' }],
  ['/phone/phone.css', { name: 'phone.css', type: 'text/css' }],
  ['/phone/phone.js', { name: 'phone.js', type: 'text/javascript' }],
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
