import fastifyStatic from '@fastify/static';
import fastifySwagger from '@fastify/swagger';
import fastifyWebsocket from '@fastify/websocket';
import { fail } from '@tutti/base';
import fastify, { type FastifyInstance } from 'fastify';
import { existsSync } from 'node:fs';
import type { RequestListener, Server as HttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Access, Refusal } from '../access/access.ts';
import type { Certificate } from '../access/certificate.ts';
import type { ShowLock } from '../access/show-lock.ts';
import { registerAccess, type AccessParts } from './access-routes.ts';
import { registerApi, type ApiParts } from './api-routes.ts';
import { schemaOptions } from '../state/schema.ts';
import { problemOf, sendProblem, toApiProblem } from './problem-reply.ts';
import type { LevelFeed } from './level-feed.ts';
import type { StateFeed } from './state-feed.ts';
import { registerWebViewFiles, webViewPrefix } from './web-view-files.ts';

/** Scripts, styles and data from here only; no frame, no plug-in, no form to elsewhere. */
const contentSecurityPolicy = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

const headers: Readonly<Record<string, string>> = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

const maxBodyBytes = 256 * 1024;
const maxWebSocketBytes = 4096;
const hangUpMs = 300;

export interface WebServerParts extends ApiParts, AccessParts {
  readonly feed: StateFeed;
  readonly levels: LevelFeed;
  /** The built page; may be missing in a partial build. */
  readonly pageFolder: string;
  readonly version: string;
  /** Serve with TLS. */
  readonly certificate?: Certificate;
}

/** The host API and the page at one address. */
export class WebServer {
  readonly #app: FastifyInstance;
  readonly #access: Access;
  /** Every connection: the HTTP server itself forgets those that asked to become a WebSocket. */
  readonly #sockets = new Set<Socket>();

  private constructor(app: FastifyInstance, access: Access) {
    this.#app = app;
    this.#access = access;
    app.server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  static async create(parts: WebServerParts): Promise<WebServer> {
    const app = fastify({
      bodyLimit: maxBodyBytes,
      ...(parts.certificate && { serverFactory: serverWithTls(parts.certificate) }),
      forceCloseConnections: true,
      ajv: {
        customOptions: {
          code: schemaOptions.code,
          removeAdditional: false,
          coerceTypes: false,
          allErrors: false,
        },
      },
    });
    // Responses are written as they are; schemas describe, they do not cut.
    app.setSerializerCompiler(() => (data) => JSON.stringify(data));
    app.addContentTypeParser('application/sdp', { parseAs: 'string' }, (_request, body, done) =>
      done(null, body),
    );
    app.setErrorHandler((error, _request, reply) => sendProblem(reply, problemOf(error)));
    app.setNotFoundHandler((request, reply) =>
      sendProblem(
        reply,
        toApiProblem({ code: 'notFound', message: `nothing is at ${request.url.split('?')[0] ?? ''}` }),
      ),
    );
    guard(app, parts.access);
    await app.register(fastifyWebsocket, { options: { maxPayload: maxWebSocketBytes } });
    await app.register(fastifySwagger, {
      openapi: { info: { title: 'Tutti host API', version: parts.version }, servers: [{ url: '/' }] },
    });
    await app.register(
      async (api) => {
        guardApi(api, parts.access, parts.showLock);
        registerApi(api, parts);
        registerAccess(api, parts);
        api.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
        const hidden = { websocket: true, schema: { hide: true } } as const;
        api.get('/ws', hidden, (socket) => parts.feed.add(socket));
        api.get('/levels', hidden, (socket) => parts.levels.add(socket));
      },
      { prefix: '/api/v1' },
    );
    registerWebViewFiles(app, parts.contributions);
    if (existsSync(parts.pageFolder))
      await app.register(fastifyStatic, { root: parts.pageFolder, cacheControl: false });
    return new WebServer(app, parts.access);
  }

  /** Listens; port 0 chooses a free one. @returns the base address. @throws TuttiError `conflict`, `permission`. */
  async listen(host: string, port: number): Promise<string> {
    try {
      await this.#app.listen({ host, port });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const fix = 'choose another with --http HOST:PORT';
      if (code === 'EADDRINUSE') throw fail('conflict', `port ${port} is in use`, { field: 'http', fix });
      if (code === 'EACCES')
        throw fail('permission', `port ${port} is not permitted`, { field: 'http', fix });
      throw error;
    }
    const { port: actual } = this.#app.server.address() as AddressInfo;
    this.#access.serveAt(host, actual);
    return `http://${host.includes(':') ? `[${host}]` : host}:${actual}`;
  }

  /** Ends; who does not hang up by himself within {@link hangUpMs} is cut off. */
  async close(): Promise<void> {
    const timer = setTimeout(() => {
      for (const socket of this.#sockets) socket.destroy();
    }, hangUpMs);
    await this.#app.close();
    clearTimeout(timer);
  }
}

function serverWithTls({ certificate, key }: Certificate): (handler: RequestListener) => HttpServer {
  // As far as fastify is concerned the two are the same; their declared types have no common one.
  return (handler) =>
    createHttpsServer({ cert: certificate, key, minVersion: 'TLSv1.2' }, handler) as unknown as HttpServer;
}

const changing: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** Host and Origin, before anything else is looked at; security headers on every answer. */
function guard(app: FastifyInstance, access: Access): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(headers);
    // What the router found, never how somebody spelt it: `/%61pi` and `http://host/api` lead to the same place.
    const { url: route = '' } = request.routeOptions;
    const refusal = access.refuseOrigin(request.headers, route.startsWith(webViewPrefix));
    if (refusal !== undefined) return refuse(reply, refusal);
    const { token } = request.query as { token?: unknown };
    if (request.url.startsWith('/?') && typeof token === 'string' && access.isToken(token)) {
      // The token moves from the address, which browsers remember and show, to a cookie that scripts cannot read.
      reply.header('set-cookie', access.cookieOf(token));
      return reply.redirect('/', 303);
    }
    return undefined;
  });
}

/** Role and lock: of every route of the API, however it was come to. */
function guardApi(api: FastifyInstance, access: Access, showLock: ShowLock): void {
  api.addHook('onRequest', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    const { open = false, harmless = false, evenLocked = false } = request.routeOptions.config;
    const changes = changing.has(request.method) && !harmless;
    const refusal = open ? undefined : access.refuseRole(access.roleOf(request.headers), changes);
    if (refusal !== undefined) return refuse(reply, refusal);
    if (changes && !evenLocked) showLock.refuseIfLocked();
    return undefined;
  });
}

function refuse(reply: Parameters<typeof sendProblem>[0], { status, message }: Refusal): Promise<void> {
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  return sendProblem(reply, toApiProblem({ code: 'permission', message }, status));
}
