import type { ExtensionContext } from '@tutti/api';
import { SapAnnouncer } from './sap-announcer.ts';
import { SapListener } from './sap-listener.ts';

/** Codecs and the clock are native and stand in the manifest; this is SAP, discovery and announcement. */
export function activate({ api, subscriptions }: ExtensionContext): void {
  subscriptions.add(api.discovery.registerProvider(new SapListener(api)));
  // The publisher is disposed first: it takes its announcements back while it is still registered.
  const announcer = new SapAnnouncer(api);
  subscriptions.add(api.publishing.registerPublisher(announcer));
  subscriptions.add(announcer);
}
