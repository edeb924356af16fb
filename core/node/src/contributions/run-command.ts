import type { CommandArguments } from '@tutti/api';
import { fail } from '@tutti/base';
import type { Registries, Waiting } from '../registries/registries.ts';

const defaultMs = 15_000;
const mostMs = 600_000;

/**
 * Runs a command of an extension.
 *
 * @throws TuttiError with what the command threw; `notFound` if no extension in use contributes it; `unavailable` if its code is
 *   not there, or if the signal was aborted; `timeout`; `invalid` if the arguments are not an object.
 */
export async function runCommand(
  { contributions, commands }: Registries,
  id: string,
  args: CommandArguments = {},
  { timeoutMs = defaultMs, signal }: Waiting = {},
): Promise<unknown> {
  const declared = contributions.find('commands', id);
  if (declared === undefined)
    throw fail('notFound', `no extension in use has a command ${id}`, {
      field: 'id',
      fix: 'see "tutti command list"',
    });
  if (typeof args !== 'object' || Array.isArray(args))
    throw fail('invalid', 'arguments are named values, as {"name": 1}', { field: 'arguments' });
  // One that is there is not woken: who asks may be its own extension, whose activation waits for the answer.
  if (commands.get(id) === undefined) await contributions.wake(declared.extension);
  const runner = commands.get(id);
  if (runner === undefined)
    throw fail('unavailable', `${declared.extension} is not active, or has not registered ${id}`, {
      field: 'id',
      fix: `see "tutti extension list"`,
    });
  return await runner.run(args, { timeoutMs: Math.min(Math.max(1, timeoutMs), mostMs), signal });
}
