import type { HostMdns } from '@tutti/common';
import { FakeMdns } from '@tutti/test';

/** Multicast DNS of a host, on a network that exists in the test only. */
export class FakeHostMdns extends FakeMdns implements HostMdns {
  readonly responder = 'own';
}
