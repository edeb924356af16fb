import { writeSdp, type SdpContent } from '@tutti/model';

/** A description as a device on the network might announce it. */
export function announcedSdp(
  change: Partial<SdpContent> & { readonly id?: string; readonly version?: string } = {},
): string {
  const { id = '100', version = '1', ...rest } = change;
  return writeSdp({
    origin: { sessionId: id, sessionVersion: version, address: '10.0.0.9' },
    name: 'Stage left',
    encoding: 'L24',
    rate: 48000,
    channels: 2,
    payloadType: 98,
    framesPerPacket: 48,
    legs: [{ address: '239.69.9.9', port: 5004, ttl: 32 }],
    referenceClock: { kind: 'ptp', grandmaster: '00-1D-C1-FF-FE-00-00-01', domain: 0 },
    ...rest,
  });
}
