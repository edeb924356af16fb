import type { ExtensionContext } from '@tutti/api';
import { FormatsTree } from './formats-tree.ts';
import { SeenFormats } from './seen-formats.ts';

export function activate({ api, subscriptions }: ExtensionContext): void {
  const formats = new SeenFormats();
  const tree = new FormatsTree(formats);
  subscriptions.add(api.views.registerTree('template-name.formats', tree));
  subscriptions.add(
    api.commands.registerCommand('template-name.clear', () => {
      formats.clear();
      tree.changed();
    }),
  );
  // Looks at every session and changes none.
  subscriptions.add(
    api.hooks.sessionParsed((session) => {
      if (formats.add(session)) tree.changed();
      return Promise.resolve(session);
    }),
  );
}
