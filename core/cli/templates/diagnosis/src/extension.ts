import type { ExtensionContext } from '@tutti/api';
import { checkLinkOffset } from './link-offset.ts';

export function activate({ api, subscriptions }: ExtensionContext): void {
  subscriptions.add(
    api.diagnosis.registerCheck({
      id: 'template-name.link-offset', // as in the manifest
      check: (subject) =>
        Promise.resolve(
          subject.kind === 'receiver'
            ? checkLinkOffset(subject.receiver)
            : { result: 'skipped', message: 'This check is about receivers.' },
        ),
    }),
  );
}
