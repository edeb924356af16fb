import type { ExtensionContext } from '@tutti/api';
import { RavennaDiscovery } from './ravenna-discovery.ts';
import { RavennaPublisher } from './ravenna-publisher.ts';
import { describeOnce } from './rtsp-description.ts';

/**
 * RAVENNA is AES67 with DNS-SD and RTSP around it. What its descriptions have of their own (clock-domain, sync-time, framecount) the
 * core's reader knows; ST 2022-7 legs too.
 */
export function activate({ api, subscriptions }: ExtensionContext): void {
  subscriptions.add(api.discovery.registerProvider(new RavennaDiscovery(api)));
  subscriptions.add(api.discovery.registerSource({ scheme: 'rtsp', describe: describeOnce }));
  // The publisher is disposed first: it takes its sessions back while it is still registered.
  const publisher = new RavennaPublisher(api);
  subscriptions.add(api.publishing.registerPublisher(publisher));
  subscriptions.add(publisher);
}
