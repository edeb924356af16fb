import type { ProblemCode } from '@tutti/base';

/** Exit codes of the command line: a contract (README, "Command line"). */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  hostNotRunning: 3,
  notFound: 4,
  conflict: 5,
  degraded: 6,
  timeout: 7,
} as const;

/** What a problem means for the caller of a command. */
export function exitCodeOf(code: ProblemCode): number {
  switch (code) {
    case 'invalid':
    case 'limit':
      return exitCodes.usage;
    case 'notFound':
    case 'interfaceGone':
      return exitCodes.notFound;
    case 'conflict':
    case 'locked':
      return exitCodes.conflict;
    case 'unavailable':
      return exitCodes.degraded;
    case 'timeout':
      return exitCodes.timeout;
    case 'unsupported':
    case 'permission':
    case 'internal':
      return exitCodes.failed;
  }
}
