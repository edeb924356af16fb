import type { TableRange } from '@tutti/api';
import type { CommandResult, RunCommand } from '@tutti/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { runCommand } from '../contributions/run-command.ts';
import { readAcceptLanguage } from '../registries/localisation.ts';
import type { Registries } from '../registries/registries.ts';
import type { ContributionViews } from './contribution-views.ts';
import { runCommandSchema, tableRangeSchema, viewMessageSchema } from './schemas.ts';

/** What the routes of contributions call. */
export interface ContributionParts {
  readonly registries: Registries;
  readonly contributions: ContributionViews;
}

interface ById {
  readonly Params: { readonly id: string };
}

interface RangeQuery {
  readonly Querystring: {
    readonly offset?: string;
    readonly limit?: string;
    readonly sort?: string;
    readonly descending?: string;
  };
}

/** Commands and views of extensions, relative to /api/v1. Texts are in the languages of `Accept-Language`. */
export function registerContributions(app: FastifyInstance, parts: ContributionParts): void {
  const { contributions } = parts;
  const described = (summary: string, more: object = {}): object => ({ schema: { summary, ...more } });
  app.get('/contributions', described('What extensions add to the workbench'), (request) =>
    contributions.list(languagesOf(request)),
  );
  app.post<ById & { Body: RunCommand | null }>(
    '/commands/:id',
    described('Run a command; hanging up cancels it', { body: runCommandSchema }),
    async ({ params, body }, reply): Promise<CommandResult> => {
      const { arguments: args, timeoutMs } = body ?? {};
      const waiting = { timeoutMs, signal: goneSignal(reply) };
      return { result: (await runCommand(parts.registries, params.id, args, waiting)) ?? null };
    },
  );
  app.get<ById>('/views/:id', described('One view'), (request) =>
    contributions.view(request.params.id, languagesOf(request)),
  );
  app.get<ById & { Querystring: { readonly parent?: string } }>(
    '/views/:id/children',
    described('Items of a tree below `parent`, or the first ones', {
      querystring: { type: 'object', properties: { parent: { type: 'string', maxLength: 256 } } },
    }),
    ({ params, query }) => contributions.children(params.id, query.parent),
  );
  app.get<ById & RangeQuery>(
    '/views/:id/rows',
    described('Rows of a table', { querystring: tableRangeSchema }),
    ({ params, query }) => contributions.rows(params.id, rangeOf(query)),
  );
  app.post<ById & { Body: { readonly message: unknown } }>(
    '/views/:id/messages',
    described('Hand a message of a web view to its extension', { body: viewMessageSchema }),
    async ({ params, body }) => ({ result: (await contributions.message(params.id, body.message)) ?? null }),
  );
}

function languagesOf({ headers }: FastifyRequest): readonly string[] {
  return readAcceptLanguage(headers['accept-language']);
}

function rangeOf({ offset, limit, sort, descending }: RangeQuery['Querystring']): TableRange {
  return {
    offset: Number(offset ?? 0),
    limit: Number(limit ?? 100),
    ...(sort !== undefined && { sort: { column: sort, descending: descending === 'true' } }),
  };
}

/** Aborted when the client hangs up before it has its answer. */
function goneSignal(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort();
  });
  return controller.signal;
}
