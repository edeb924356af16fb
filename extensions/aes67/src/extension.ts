import type { ExtensionContext } from '@tutti/api';
import { SapAnnouncer } from './sap-announcer.ts';
import { sapPort } from './sap-constants.ts';
import { SapListener } from './sap-listener.ts';

/** Codecs and the clock are native and stand in the manifest; this is SAP, discovery and announcement. */
export function activate({ api, subscriptions }: ExtensionContext): void {
  const status = subscriptions.add(api.statusItems.createItem('aes67.sap'));
  const listener = new SapListener(api, sapPort, (sessions) =>
    status.update({ text: `SAP ${sessions}`, tooltip: `${sessions} sessions are announced by SAP` }),
  );
  subscriptions.add(api.discovery.registerProvider(listener));
  // The publisher is disposed first: it takes its announcements back while it is still registered.
  const announcer = new SapAnnouncer(api);
  subscriptions.add(api.publishing.registerPublisher(announcer));
  subscriptions.add(announcer);
  subscriptions.add(
    api.commands.registerCommand('aes67.announceNow', () => ({ announced: announcer.announceNow() })),
  );
}
