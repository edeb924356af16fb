import { TuttiError, fail, problemCodes, type Problem } from '@tutti/base';
import { ResponseError, type MessageConnection } from 'vscode-jsonrpc/node';

/** Calls the other side and waits at most `timeoutMs`. @throws TuttiError with the other side's problem, or `timeout`. */
export async function call<T>(
  connection: MessageConnection,
  method: string,
  argument: unknown,
  timeoutMs: number,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(fail('timeout', `${method} did not answer within ${timeoutMs} ms`)),
      timeoutMs,
    );
  });
  try {
    return await Promise.race([connection.sendRequest<T>(method, argument), late]);
  } catch (error) {
    throw error instanceof ResponseError && isProblem(error.data) ? new TuttiError(error.data) : error;
  } finally {
    clearTimeout(timer);
  }
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
