import { open } from 'node:fs/promises';
import type { FastifyInstance } from 'fastify';
import type { RecentEvents } from '../platform/recent-events.ts';

/** So much of a log's end is shown. */
const tailBytes = 64 * 1024;

export interface LogParts {
  readonly events: RecentEvents;
  /** Path of what the engine writes. */
  readonly engineLog: string;
}

/** What happened: the host's events, and the end of the engine's own log. */
export function registerLogs(app: FastifyInstance, { events, engineLog }: LogParts): void {
  app.get<{ Querystring: { after?: number } }>(
    '/events',
    {
      schema: {
        summary: 'What happened in this run of the host',
        // A query is text; a number is what remains of it here.
        querystring: {
          type: 'object',
          properties: { after: { type: 'string', pattern: '^\\d{1,15}$' } },
          additionalProperties: false,
        },
      },
    },
    ({ query }) => events.after(Number(query.after ?? 0)),
  );
  app.get('/logs/engine', { schema: { summary: 'The end of the engine’s log' } }, async (_request, reply) =>
    reply.type('text/plain; charset=utf-8').send(await tailOf(engineLog)),
  );
}

/** Whole lines from the end of a file; empty if there is none. */
async function tailOf(path: string): Promise<string> {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return '';
  try {
    const { size } = await file.stat();
    const start = Math.max(0, size - tailBytes);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(size, tailBytes)), {
      position: start,
    });
    const text = buffer.subarray(0, bytesRead).toString('utf8');
    return start === 0 ? text : text.slice(text.indexOf('\n') + 1);
  } finally {
    await file.close();
  }
}
