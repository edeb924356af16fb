import type { Disposable } from '@tutti/base';
import type { Call } from './call.ts';

/** Named values, plain data. A menu gives what it was opened on, as in `{ "session": { "id": "..." } }`. */
export type CommandArguments = Readonly<Record<string, unknown>>;

/** Does what the command says. What it returns is plain data and reaches the caller; what it throws does too. */
export type CommandHandler = (args: CommandArguments, call: Call) => unknown;

export interface Commands {
  /** @param id as in the manifest's `contributes.commands`. */
  registerCommand(id: string, handler: CommandHandler): Disposable;
  /**
   * Runs a command, also another extension's.
   *
   * @throws what the command threw; `notFound`, `unavailable` if its extension is not active, `timeout`.
   */
  executeCommand(
    id: string,
    args?: CommandArguments,
    options?: { readonly signal?: AbortSignal },
  ): Promise<unknown>;
}
