import { DisposableStore, fail } from '@tutti/base';
import type { ChangeSender } from '@tutti/common';
import type { Registries } from '../registries/registries.ts';
import { checkWith } from '../state/schema.ts';
import type { Streams } from '../streams/streams.ts';

/** Commands are contributed under this name, which no extension can have: its manifest is not ours. */
const core = 'tutti.core';

const text = { type: 'string', maxLength: 256 };
const checkChange = checkWith({
  type: 'object',
  required: ['id'],
  properties: { id: text, name: text, format: text, ptime: { type: 'number' }, dest: text },
  additionalProperties: false,
});

/**
 * What the core itself can do for extensions, as commands like theirs: `api.commands.executeCommand` runs them, and so do keys and
 * automation.
 *
 *   tutti.sender.change { id, name?, format?, ptime?, dest? }     as PATCH /senders/:id
 */
export function contributeCoreCommands(registries: Registries, streams: Streams): DisposableStore {
  const store = new DisposableStore();
  const command = 'tutti.sender.change';
  // Greyed out where it was not given a sender: a palette has none.
  const commands = [{ command, title: 'Change a sender', enablement: 'sender' }];
  store.add(
    registries.contributions.add({ id: core, folder: '', contributes: { commands }, texts: new Map() }),
  );
  store.add(
    registries.commands.register(command, {
      run: async (args) => {
        const wrong = checkChange(args);
        if (wrong !== undefined) throw fail('invalid', wrong, { field: 'arguments' });
        const { id, ...change } = args as unknown as ChangeSender & { readonly id: string };
        await streams.changeSender(id, change);
        return null;
      },
    }),
  );
  return store;
}
