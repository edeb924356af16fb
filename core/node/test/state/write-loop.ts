import { initialState } from '../../src/state/stored-state.ts';
import { readStoredState, storedStateVersion, type StoredState } from '../../src/state/stored-state.ts';
import { JsonStore } from '../../src/state/json-store.ts';

/** Saves one state after the other until it is killed; says each number when that state is on disk. */
const [path = ''] = process.argv.slice(2);
const store = new JsonStore<StoredState>({
  path,
  version: storedStateVersion,
  check: readStoredState,
  onDamage: (report) => {
    process.stdout.write(`damaged ${report.reason}\n`);
    process.exit(1);
  },
});
const before = (await store.load()) ?? initialState;
for (let nextId = before.nextId; ; nextId += 1) {
  // Of changing length, so that a write cut short cannot look whole.
  const disabledExtensions = Array.from({ length: nextId % 50 }, (_, i) => `vendor.extension-${i}`);
  await store.save({ ...before, nextId, disabledExtensions });
  process.stdout.write(`${nextId}\n`);
}
