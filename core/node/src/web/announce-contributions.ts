import { DisposableStore, toDisposable, type Disposable, type Event } from '@tutti/base';
import type { Registries } from '../registries/registries.ts';
import type { ContributionViews } from './contribution-views.ts';

/** Tells pages that contributions came or went, and what the status bar says; once for all that changes in one go. */
export function announceContributions(registries: Registries, views: ContributionViews): Disposable {
  const store = new DisposableStore();
  const { contributions, commands, views: contents, hal, statusItems, messages } = registries;
  const onceAfter = (events: readonly Event<void>[], act: () => void): void => {
    let pending: NodeJS.Immediate | undefined;
    for (const event of events)
      store.add(
        event(() => {
          pending ??= setImmediate(() => {
            pending = undefined;
            act();
          });
        }),
      );
    store.add(toDisposable(() => clearImmediate(pending)));
  };
  onceAfter(
    [contributions, commands, contents, hal].map((each) => each.onDidChange),
    () => messages.fire({ kind: 'contributions' }),
  );
  onceAfter([contributions.onDidChange, statusItems.onDidChange], () =>
    messages.fire({ kind: 'statusItems', items: views.statusItems() }),
  );
  return store;
}
