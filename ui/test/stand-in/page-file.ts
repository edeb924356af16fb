import { existsSync, readFileSync } from 'node:fs';
import { extname, join, resolve } from 'node:path';
import type { Reply } from './reply.ts';

export const pageFolder = resolve(import.meta.dirname, '../../../dist/ui');

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.webmanifest': 'application/manifest+json',
  '.map': 'application/json',
};

/** One file of the built page, by its address. */
export function pageFile(address: string): Reply {
  const path = resolve(join(pageFolder, address === '/' ? 'index.html' : address));
  if (!path.startsWith(pageFolder) || !existsSync(path))
    return { status: 404, type: 'text/plain', body: `no ${address}` };
  return { status: 200, type: types[extname(path)] ?? 'application/octet-stream', body: readFileSync(path) };
}
