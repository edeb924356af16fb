import { TuttiError, toProblem, type Problem, type ProblemCode } from '@tutti/base';
import type { ApiProblem } from '@tutti/common';
import type { FastifyError, FastifyReply } from 'fastify';

const kinds: Readonly<Record<ProblemCode, { readonly status: number; readonly title: string }>> = {
  invalid: { status: 400, title: 'A value is not acceptable' },
  notFound: { status: 404, title: 'Not found' },
  conflict: { status: 409, title: 'It clashes with something that exists' },
  locked: { status: 423, title: 'The show is locked' },
  unsupported: { status: 422, title: 'Not possible here' },
  permission: { status: 403, title: 'Not permitted' },
  interfaceGone: { status: 409, title: 'The network interface is not there' },
  unavailable: { status: 503, title: 'Not available now' },
  timeout: { status: 504, title: 'It took too long' },
  limit: { status: 422, title: 'Beyond a limit' },
  internal: { status: 500, title: 'Internal error' },
};

/** An error as RFC 9457 data. */
export function toApiProblem(problem: Problem, status = kinds[problem.code].status): ApiProblem {
  return { type: `urn:tutti:problem:${problem.code}`, title: kinds[problem.code].title, status, ...problem };
}

/** Turns whatever a route threw, fastify's own errors included, into a problem of a person's language. */
export function problemOf(error: unknown): ApiProblem {
  if (error instanceof TuttiError) return toApiProblem(error.problem);
  if (isFastifyError(error) && error.validation !== undefined) {
    const first = error.validation[0];
    const missing = first?.params['missingProperty'] ?? first?.params['additionalProperty'];
    const path = [
      ...(first?.instancePath ?? '').split('/').slice(1),
      ...(missing === undefined ? [] : [missing]),
    ];
    const message = `${path.join('.') || 'the body'}: ${first?.message ?? 'is not valid'}`;
    return toApiProblem({ code: 'invalid', ...(path.length > 0 && { field: path.join('.') }), message });
  }
  if (isFastifyError(error) && error.statusCode !== undefined && error.statusCode < 500) {
    return toApiProblem({ code: 'invalid', message: error.message }, error.statusCode);
  }
  return toApiProblem(toProblem(error));
}

export async function sendProblem(reply: FastifyReply, problem: ApiProblem): Promise<void> {
  await reply.code(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}

function isFastifyError(error: unknown): error is FastifyError {
  return error instanceof Error && 'code' in error;
}
