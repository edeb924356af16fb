import type { ShownView } from './shown-view.ts';

/** What menus of an item, and their commands, are given. */
export const targetOf = (
  { id: view }: Pick<ShownView, 'id'>,
  { id, context }: { readonly id: string; readonly context?: Readonly<Record<string, unknown>> },
) => ({ view: { id: view }, item: { id, ...context } });
