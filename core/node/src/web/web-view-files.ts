import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { fail } from '@tutti/base';
import type { FastifyInstance } from 'fastify';
import type { ContributionViews } from './contribution-views.ts';

/** Where pages of web views lie; the path goes on with a key, the view's id and a file. */
export const webViewPrefix = '/webviews/';

const maxFileBytes = 32 * 1024 * 1024;
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

/**
 * What a page of an extension may do: load from its own folder, run scripts, and talk to the workbench that framed it. It has an
 * origin of its own that nothing shares (`sandbox`), so it reaches neither the host API, nor cookies, nor the network.
 */
function contentSecurityPolicy(own: string): string {
  return [
    "default-src 'none'",
    `script-src ${own}`,
    `style-src ${own}`,
    `img-src ${own} data:`,
    `font-src ${own}`,
    "connect-src 'none'",
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'self'",
    'sandbox allow-scripts',
  ].join('; ');
}

/** Serves the pages of web views. Their address holds a key; no token is asked for, since such a page can have none. */
export function registerWebViewFiles(app: FastifyInstance, contributions: ContributionViews): void {
  app.get<{ Params: { readonly key: string; readonly view: string; readonly '*': string } }>(
    `${webViewPrefix}:key/:view/*`,
    { schema: { hide: true } },
    async ({ params, headers, protocol }, reply) => {
      const folder = contributions.webViewFolder(params.view, params.key);
      const path = folder && (await fileInside(folder, params['*']));
      if (path === undefined) throw fail('notFound', 'nothing is at this address of a web view');
      const own = `${protocol}://${headers.host ?? ''}${webViewPrefix}${params.key}/${encodeURIComponent(params.view)}/`;
      reply.headers({
        'content-security-policy': contentSecurityPolicy(own),
        // Its origin is nobody's, so that its own files are foreign to it too.
        'cross-origin-resource-policy': 'cross-origin',
        'access-control-allow-origin': 'null',
        'cache-control': 'no-cache',
      });
      reply.removeHeader('x-frame-options'); // frame-ancestors says it
      reply.removeHeader('cross-origin-opener-policy');
      return reply.type(types[extname(path)] ?? 'application/octet-stream').send(createReadStream(path));
    },
  );
}

/** A file that really lies in the folder, whatever links say. */
async function fileInside(folder: string, name: string): Promise<string | undefined> {
  try {
    const [root, path] = await Promise.all([realpath(folder), realpath(join(folder, name))]);
    const found = await stat(path);
    return path.startsWith(root + sep) && found.isFile() && found.size <= maxFileBytes ? path : undefined;
  } catch {
    return undefined;
  }
}
