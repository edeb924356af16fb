import assert from 'node:assert/strict';
import type { DiscoveryProvider } from '@tutti/api';
import type { Disposable } from '@tutti/base';
import { announcedSdp } from './announced-sdp.ts';
import type { ConformanceCase } from './conformance.ts';
import { RecordingSink, type FakeApi } from './fake-api.ts';
import { FakeClock } from './fake-clock.ts';
import { LeakCheck } from './leak-check.ts';
import { until } from './until.ts';

/** A session that somebody announces on the loopback network, in the words of its description. */
export interface AnnouncedBySubject {
  /** Which session it is; all versions of one have the same. */
  readonly id: string;
  /** The description: a provider hands it on as it is. */
  readonly sdp: string;
}

/** What the suite needs to know about a provider and its protocol. */
export interface DiscoverySubject {
  /** The API that the provider gets. */
  readonly fake: FakeApi;
  readonly provider: DiscoveryProvider;
  /** Announces as another device would. Once: the suite repeats it. */
  announce(session: AnnouncedBySubject): Promise<void>;
  /** Takes back, as the device would; absent only if the suite is told so. */
  withdraw?(session: AnnouncedBySubject): Promise<void>;
  /** Messages that are none: too short, too long, of another protocol, with damaged text. */
  sendMalformed(): Promise<void>;
  /** Longest time, in ms, after which a session that was announced once and never again is withdrawn. */
  readonly expiresMs: number;
  /** Releases what the subject itself opened. */
  dispose(): Promise<void> | void;
}

/**
 * What every discovery provider must do, whatever its protocol. Time is a {@link FakeClock}'s from the moment the subject
 * is made, so that an expiry of an hour costs nothing.
 *
 * @param open makes a subject on which nothing is announced; called once for each case.
 * @param canWithdraw false if the protocol has no message that takes a session back.
 */
export function discoveryConformance(
  open: () => Promise<DiscoverySubject>,
  { canWithdraw = true } = {},
): readonly ConformanceCase[] {
  const rules: readonly [string, (rig: DiscoveryRig) => Promise<void>][] = [
    ['an announcement is reported with its description as it came', reportsAnnouncement],
    ['duplicates and repetitions are reported under the same key', refreshes],
    ['a new version replaces the old one under the same key', updates],
    ['two sessions have two keys', tellsApart],
    ['a session that is taken back is withdrawn, once, and no other', withdraws],
    ['a session that is not announced any more expires', expires],
    ['a session that is announced again in time does not expire', staysWhileAnnounced],
    ['malformed messages are passed over, and what follows them is heard', survivesMalformed],
    ['nothing is reported after the disposal, and a later start begins afresh', startsAfresh],
  ];
  const asked = rules.filter(([, rule]) => rule !== withdraws || canWithdraw);
  return asked.map(([title, rule]) => ({
    title: `discovery: ${title}`,
    run: async () => {
      const leaks = LeakCheck.start();
      const clock = FakeClock.install();
      try {
        const rig = new DiscoveryRig(await open(), clock);
        try {
          await rig.start();
          await rule(rig);
        } finally {
          await rig.end();
        }
        assert.equal(rig.subject.fake.leaked, 0, 'subscriptions or registrations were not disposed');
      } finally {
        clock.dispose();
      }
      await leaks.end();
    },
  }));
}

/** A provider that is looking. */
class DiscoveryRig {
  readonly subject: DiscoverySubject;
  readonly clock: FakeClock;
  sink = new RecordingSink();
  #looking: Disposable | undefined;

  constructor(subject: DiscoverySubject, clock: FakeClock) {
    this.subject = subject;
    this.clock = clock;
  }

  async start(): Promise<void> {
    this.sink = new RecordingSink();
    this.#looking = await this.subject.provider.start(this.sink);
  }

  stop(): void {
    this.#looking?.dispose();
    this.#looking?.dispose(); // twice is harmless
    this.#looking = undefined;
  }

  /** Announces until it is reported: what goes over a network may be lost, and the reading takes its time. */
  async announce(session: AnnouncedBySubject): Promise<void> {
    const before = this.sink.announcements;
    await this.subject.announce(session);
    await until(`${session.id} to be reported`, () => this.sink.announcements > before);
  }

  keyOf(session: AnnouncedBySubject): string {
    const found = [...this.sink.sessions.values()].find(({ sdp }) => sdp === session.sdp);
    assert.ok(found, `no session is known with the description of ${session.id}, as it was announced`);
    return found.key;
  }

  async end(): Promise<void> {
    this.stop();
    await this.subject.dispose();
  }
}

const session = (id: string, version = '1'): AnnouncedBySubject => ({
  id,
  sdp: announcedSdp({ id, version, name: `Session ${id}, version ${version}` }),
});

async function reportsAnnouncement(rig: DiscoveryRig): Promise<void> {
  await rig.announce(session('100'));
  const [found] = [...rig.sink.sessions.values()];
  assert.equal(found?.sdp, session('100').sdp);
  assert.ok(found.key.length > 0 && found.key.length <= 512, 'a key has 1 to 512 characters');
  assert.deepEqual(rig.sink.withdrawals, []);
}

async function refreshes(rig: DiscoveryRig): Promise<void> {
  for (let i = 0; i < 3; i += 1) await rig.announce(session('100'));
  assert.equal(rig.sink.sessions.size, 1, 'three announcements of one session are one session');
  assert.deepEqual(rig.sink.withdrawals, []);
}

async function updates(rig: DiscoveryRig): Promise<void> {
  await rig.announce(session('100', '1'));
  const key = rig.keyOf(session('100', '1'));
  await rig.announce(session('100', '2'));
  assert.equal(rig.keyOf(session('100', '2')), key);
  assert.equal(rig.sink.sessions.size, 1);
  assert.deepEqual(rig.sink.withdrawals, [], 'an update is no withdrawal: a receiver would stop');
}

async function tellsApart(rig: DiscoveryRig): Promise<void> {
  for (const id of ['100', '200']) await rig.announce(session(id));
  assert.equal(rig.sink.sessions.size, 2);
  assert.notEqual(rig.keyOf(session('100')), rig.keyOf(session('200')));
}

async function withdraws(rig: DiscoveryRig): Promise<void> {
  assert.ok(rig.subject.withdraw, 'the subject has no withdraw: tell the suite that it cannot');
  for (const id of ['100', '200']) await rig.announce(session(id));
  const key = rig.keyOf(session('100'));
  await rig.subject.withdraw(session('100'));
  await until('the withdrawal', () => rig.sink.withdrawals.length > 0);
  await rig.subject.withdraw(session('100'));
  await rig.announce(session('200'));
  assert.deepEqual(rig.sink.withdrawals, [key]);
  assert.equal(rig.sink.sessions.size, 1);
}

async function expires(rig: DiscoveryRig): Promise<void> {
  await rig.announce(session('100'));
  const key = rig.keyOf(session('100'));
  // It looks from time to time: a minute on top is patience enough.
  await rig.clock.advance(rig.subject.expiresMs + 60_000);
  assert.deepEqual(rig.sink.withdrawals, [key]);
}

async function staysWhileAnnounced(rig: DiscoveryRig): Promise<void> {
  for (let i = 0; i < 4; i += 1) {
    await rig.announce(session('100'));
    await rig.clock.advance(rig.subject.expiresMs / 8);
  }
  assert.deepEqual(rig.sink.withdrawals, []);
}

async function survivesMalformed(rig: DiscoveryRig): Promise<void> {
  await rig.subject.sendMalformed();
  await rig.announce(session('100'));
  assert.equal(rig.sink.sessions.size, 1, 'a malformed message was reported as a session');
  rig.keyOf(session('100'));
}

async function startsAfresh(rig: DiscoveryRig): Promise<void> {
  await rig.announce(session('100'));
  const before = rig.sink;
  rig.stop();
  await rig.subject.announce(session('200'));
  await rig.start();
  await rig.announce(session('300'));
  assert.equal(before.sessions.size, 1, 'a session was reported after the disposal');
  assert.deepEqual(before.withdrawals, [], 'sessions are not withdrawn by a disposal: the core forgets them');
  rig.keyOf(session('300'));
}
