/**
 * Codes of everything that can go wrong for a person, stable across versions: automation may switch on them.
 * The command line maps them to exit codes, the host API to HTTP status.
 */
export const problemCodes = [
  'invalid', // a field's value is not acceptable
  'notFound', // no such session, receiver, sender, route, extension
  'conflict', // clashes with something that exists: channel taken, port taken, name used
  'locked', // the show is locked: nothing may be changed
  'unsupported', // understood, but not possible here: unknown codec, rate differs from the device
  'permission', // the operating system refuses
  'interfaceGone', // the network interface is not there or is down
  'unavailable', // the part that would do it is not running
  'timeout',
  'limit', // a bound of protocols.md section 16
  'internal', // our own broken invariant
] as const;
export type ProblemCode = (typeof problemCodes)[number];

/** A typed error as plain data: says what is wrong, where, and what to do about it. */
export interface Problem {
  readonly code: ProblemCode;
  /** Path of the field at fault, as in `senders[2].legs[0].destination`; absent if no single field is. */
  readonly field?: string;
  /** One sentence for a person. */
  readonly message: string;
  /** One sentence: what to do. */
  readonly fix?: string;
}

/** A {@link Problem} as an exception, for the control plane only. */
export class TuttiError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.name = 'TuttiError';
    this.problem = problem;
  }
}

/** Makes a {@link TuttiError}. */
export function fail(
  code: ProblemCode,
  message: string,
  more: { field?: string; fix?: string } = {},
): TuttiError {
  return new TuttiError({ code, message, ...more });
}

/** Turns anything thrown into a {@link Problem}. */
export function toProblem(error: unknown): Problem {
  if (error instanceof TuttiError) return error.problem;
  return { code: 'internal', message: error instanceof Error ? error.message : String(error) };
}
