import { TuttiError, fail, problemCodes, toProblem, type Problem } from '@tutti/base';
import { CancellationTokenSource, ResponseError, type MessageConnection } from 'vscode-jsonrpc/node';

/**
 * Calls the other side and waits at most `timeoutMs`, or until the signal is aborted; then the other side is told that nobody
 * waits any more.
 *
 * @throws TuttiError with the other side's problem, `timeout`, or `unavailable` if it was aborted.
 */
export async function call<T>(
  connection: MessageConnection,
  method: string,
  argument: unknown,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<T> {
  const cancellation = new CancellationTokenSource();
  let giveUp: (error: TuttiError) => void = () => undefined;
  const givenUp = new Promise<never>((_, reject) => (giveUp = reject));
  const abort = (): void => giveUp(fail('unavailable', `${method} was cancelled`));
  const timer = setTimeout(
    () => giveUp(fail('timeout', `${method} did not answer within ${timeoutMs} ms`)),
    timeoutMs,
  );
  signal?.addEventListener('abort', abort, { once: true });
  if (signal?.aborted === true) abort();
  try {
    return await Promise.race([connection.sendRequest<T>(method, argument, cancellation.token), givenUp]);
  } catch (error) {
    cancellation.cancel(); // harmless if it has answered
    throw error instanceof ResponseError && isProblem(error.data) ? new TuttiError(error.data) : error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
    cancellation.dispose();
  }
}

/** Answers a request of the other side; what is thrown travels as a problem. */
export function answer<A, R>(
  connection: MessageConnection,
  method: string,
  act: (argument: A) => Promise<R> | R,
): void {
  connection.onRequest(method, async (argument: A) => {
    try {
      return (await act(argument)) ?? null;
    } catch (error) {
      const problem = toProblem(error);
      return new ResponseError(1, problem.message, problem);
    }
  });
}

function isProblem(value: unknown): value is Problem {
  return (
    typeof value === 'object' &&
    value !== null &&
    'code' in value &&
    'message' in value &&
    typeof value.message === 'string' &&
    problemCodes.some((code) => code === value.code)
  );
}
