import type { ExtensionContext, Reception, ReceptionSink } from '@tutti/api';
import type { Disposable } from '@tutti/base';
import { RavennaDiscovery } from './ravenna-discovery.ts';
import { RavennaPublisher } from './ravenna-publisher.ts';
import { describeOnce, RtspDescription } from './rtsp-description.ts';
import { RtspReception } from './rtsp-reception.ts';
import { readRtspUrl } from './rtsp-url.ts';

/** A receiver of an `rtsp://` address: its description is followed, and its stream asked for where that is necessary. */
function receive({ url, transport }: Reception, sink: ReceptionSink): Promise<Disposable> {
  const read = readRtspUrl(url);
  if (read === undefined) return Promise.reject(new Error('that is no RTSP URL'));
  return Promise.resolve(
    transport === undefined
      ? new RtspDescription([url], sink, { asksAgain: true })
      : new RtspReception(read, transport, sink),
  );
}

/**
 * RAVENNA is AES67 with DNS-SD and RTSP around it. What its descriptions have of their own (clock-domain, sync-time, framecount) the
 * core's reader knows; ST 2022-7 legs too.
 */
export function activate({ api, subscriptions }: ExtensionContext): void {
  subscriptions.add(api.discovery.registerProvider(new RavennaDiscovery(api)));
  subscriptions.add(api.discovery.registerSource({ scheme: 'rtsp', describe: describeOnce, receive }));
  // The publisher is disposed first: it takes its sessions back while it is still registered.
  const publisher = new RavennaPublisher(api);
  subscriptions.add(api.publishing.registerPublisher(publisher));
  subscriptions.add(publisher);
}
