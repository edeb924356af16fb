import type { MdnsAdvertisement } from '@tutti/api';
import { FakeApi } from '@tutti/test';

/** The API with this extension's settings; port 1 is never free for it, so that any free one is used. */
export function ravennaApi(): FakeApi {
  return new FakeApi({ 'ravenna.advertise': true, 'ravenna.rtsp.port': 1 });
}

/** Sessions of ours that are advertised. */
export function sessionsOf(fake: FakeApi): readonly MdnsAdvertisement[] {
  return fake.mdns.advertised.filter((each) => each.subtypes?.includes('_ravenna_session'));
}

/** A description of ours. */
export function description(name: string, version = 1): string {
  return [
    ...['v=0', `o=- 7 ${version} IN IP4 127.0.0.1`, `s=${name}`, 'c=IN IP4 239.1.2.3/32', 't=0 0'],
    ...['m=audio 5004 RTP/AVP 98', 'a=rtpmap:98 L24/48000/2', 'a=ptime:1', ''],
  ].join('\r\n');
}
