import type { MdnsService } from '@tutti/api';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { nsecCode } from '../../src/mdns/absence.ts';
import { message, recordCodes, type DnsData, type DnsRecord } from '../../src/mdns/dns-message.ts';
import type { MdnsLink } from '../../src/mdns/mdns-link.ts';
import { cacheLimits } from '../../src/mdns/record-cache.ts';
import { ServiceWatch, TypeWatch } from '../../src/mdns/service-watch.ts';
import { writeDnsMessage } from '../../src/mdns/write-dns-message.ts';
import { VirtualNetwork } from './virtual-network.ts';

const [here, there, elsewhere] = ['10.0.0.1', '10.0.0.2', '10.0.0.9'] as const;
const type = '_rtsp._tcp';
const session = { name: 'Main mix', type, subtypes: ['_ravenna_session'], port: 9010, txt: { id: '1' } };
let network: VirtualNetwork;
vi.setConfig({ testTimeout: 60_000 }); // it is work that takes the time, not waiting

beforeEach(() => {
  network = new VirtualNetwork();
});

/** Everything that a browser reported, in order. */
function browse(
  link: MdnsLink,
  subtype?: string,
): { events: string[]; found: MdnsService[]; dispose(): void } {
  const events: string[] = [];
  const found: MdnsService[] = [];
  const sink = {
    found: (service: MdnsService) => {
      events.push(`+${service.name}`);
      found.push(service);
    },
    lost: (name: string) => void events.push(`-${name}`),
  };
  const watch = new TypeWatch(link, { type, subtype }, sink, network.clock);
  return { events, found, dispose: () => watch.dispose() };
}

const record = (name: string, data: DnsData, ttl = 4500, flush = false): DnsRecord => ({
  name,
  ttl,
  flush,
  data,
});
const respond = (...answers: DnsRecord[]): Buffer => writeDnsMessage(message({ isResponse: true, answers }));
/** All records of a service of somebody else. */
const foreign = (name: string, { port = 8854, address = '10.0.0.9', ttl = 4500 } = {}): DnsRecord[] => [
  record(`${type}.local`, { type: 'PTR', target: `${name}.${type}.local` }, ttl),
  record(
    `${name}.${type}.local`,
    { type: 'SRV', priority: 0, weight: 0, port, target: 'box.local' },
    ttl,
    true,
  ),
  record(`${name}.${type}.local`, { type: 'TXT', strings: [Buffer.from('a=b')] }, ttl, true),
  record('box.local', { type: 'A', address }, ttl, true),
];
const from = (address: string, port = 5353) => ({ address, port });
const questionsOf = (address: string, since = 0): string[] =>
  network
    .of(address, since)
    .flatMap(({ message: { isResponse, authorities, questions } }) =>
      isResponse || authorities.length > 0 ? [] : questions.map(({ name, code }) => `${code} ${name}`),
    );

describe('a service of ours', () => {
  it('is probed three times 250 ms apart, then announced twice a second apart', () => {
    const link = network.link(here);
    const names: string[] = [];
    link.publish(session, (name) => names.push(name), network.now);
    network.run(5000);
    const ofService = network
      .of(here)
      .filter(({ message: { questions, answers } }) =>
        [...questions, ...answers].some(({ name }) => name.startsWith('Main mix')),
      );
    const probes = ofService.filter(({ message: { isResponse } }) => !isResponse);
    expect(probes.map(({ at }) => at - (probes[0]?.at ?? 0))).toEqual([0, 250, 500]);
    expect(probes[0]?.message.questions[0]?.code).toBe(recordCodes.ANY);
    expect(probes[0]?.message.authorities.map(({ data }) => data.type)).toEqual(['SRV', 'TXT']);
    const announcements = ofService.filter(({ message: { isResponse } }) => isResponse);
    expect(announcements.map(({ at }) => at - (probes[0]?.at ?? 0))).toEqual([750, 1750]);
    const flushed = announcements[0]?.message.answers.map(({ data, flush }) => [data.type, flush]);
    expect(flushed).toEqual([
      ['PTR', false],
      ['PTR', false],
      ['PTR', false],
      ['SRV', true],
      ['TXT', true],
    ]);
    expect(names).toEqual(['Main mix']);
  });

  it('takes another name when somebody has it, and so does the second', () => {
    const names: string[] = [];
    for (const [address, port] of [
      [here, 1],
      [there, 2],
      [elsewhere, 3],
    ] as const) {
      const link = network.link(address, `host-of-${port}`);
      link.publish({ ...session, port }, (name) => names.push(name), network.now);
      network.run(6000);
    }
    expect(names).toEqual(['Main mix', 'Main mix (2)', 'Main mix (3)']);
  });

  it('is settled between two that probe at the same moment: one keeps the name, the other takes the next', () => {
    const names = new Map<string, string>();
    for (const [address, port] of [
      [here, 1],
      [there, 2],
    ] as const)
      network
        .link(address, `host-of-${port}`)
        .publish({ ...session, port }, (name) => names.set(address, name), 0);
    network.run(10_000);
    expect([...names.values()].sort()).toEqual(['Main mix', 'Main mix (2)']);
    // The later data win (RFC 6762 section 8.2): port 2 is later than port 1.
    expect(names.get(there)).toBe('Main mix');
  });

  it('gives its host another name too, when that is taken', () => {
    const [one, two] = [network.link(here), network.link(there)];
    one.publish(session, () => undefined, 0);
    network.run(3000);
    two.publish({ ...session, name: 'Other' }, () => undefined, network.now);
    network.run(3000);
    const browser = browse(network.link(elsewhere));
    network.run(3000);
    expect(browser.found.map(({ name, host, addresses }) => [name, host, ...addresses]).sort()).toEqual([
      ['Main mix', 'studio.local', here],
      ['Other', 'studio-2.local', there],
    ]);
  });

  it('says goodbye with TTL 0, and browsers lose it a second later', () => {
    const published = network.link(here).publish(session, () => undefined, 0);
    const browser = browse(network.link(there));
    network.run(5000);
    published.dispose();
    const last = network.of(here).at(-1)?.message.answers ?? [];
    expect(last.map(({ ttl }) => ttl)).toEqual([0, 0, 0, 0, 0]);
    network.run(900);
    expect(browser.events).toEqual(['+Main mix']);
    network.run(200);
    expect(browser.events).toEqual(['+Main mix', '-Main mix']);
  });

  it('is told again when somebody says goodbye in its name', () => {
    const link = network.link(here);
    link.publish(session, () => undefined, 0);
    const browser = browse(network.link(there));
    network.run(5000);
    const answers =
      network.of(here).filter(({ message: { isResponse } }) => isResponse)[0]?.message.answers ?? [];
    network.inject(respond(...answers.map((each) => ({ ...each, ttl: 0 }))), from(elsewhere));
    network.run(5000);
    expect(browser.events).toEqual(['+Main mix']);
  });

  it('is probed for anew when somebody contradicts it, and given up if they insist', () => {
    const link = network.link(here);
    const names: string[] = [];
    link.publish(session, (name) => names.push(name), 0);
    network.run(5000);
    const theirs = record(
      `Main mix.${type}.local`,
      { type: 'SRV', priority: 0, weight: 0, port: 1, target: 'x.local' },
      120,
      true,
    );
    network.inject(respond(theirs), from(elsewhere));
    network.run(100);
    network.inject(respond(theirs), from(elsewhere));
    network.run(5000);
    expect(names).toEqual(['Main mix', 'Main mix (2)']);
  });

  it('is not repeated within a second, not said to those who know it, and held back while more known answers come', () => {
    const link = network.link(here);
    link.publish(session, () => undefined, 0);
    network.run(5000);
    const start = network.now;
    const ask = (parts: Parameters<typeof message>[0]): void => {
      const questions = [{ name: `${type}.local`, code: recordCodes.PTR, unicast: false }];
      network.inject(writeDnsMessage(message({ questions, ...parts })), from(there));
    };
    const pointer = record(`${type}.local`, { type: 'PTR', target: `Main mix.${type}.local` });
    ask({});
    network.run(150);
    expect(network.of(here, start)).toHaveLength(1);
    expect(
      network
        .of(here, start)[0]
        ?.message.additionals.map(({ data }) => data.type)
        .sort(),
    ).toEqual(['A', 'SRV', 'TXT', 'other']);
    ask({});
    network.run(500);
    expect(network.of(here, start)).toHaveLength(1);
    network.run(2000);
    ask({ answers: [pointer] });
    ask({ answers: [{ ...pointer, ttl: 3000 }] });
    network.run(2000);
    expect(network.of(here, start), 'the second one is said when its second is over').toHaveLength(2);
    const known = network.now;
    ask({ truncated: true });
    network.inject(writeDnsMessage(message({ answers: [pointer] })), from(there));
    network.run(2000);
    expect(network.of(here, known), 'known answers in a second message').toHaveLength(0);
    ask({ answers: [{ ...pointer, ttl: 1000 }] });
    network.run(2000);
    expect(network.of(here, known), 'known for less than half its life').toHaveLength(1);
  });

  it('is not said when somebody else says it first, unless they have it kept for less long', () => {
    network.link(here).publish(session, () => undefined, 0);
    network.run(5000);
    const pointer = record('_services._dns-sd._udp.local', { type: 'PTR', target: `${type}.local` });
    for (const [ttl, times] of [
      [4500, 0],
      [4499, 1],
    ] as const) {
      const start = network.now;
      const questions = [{ name: pointer.name, code: recordCodes.PTR, unicast: false }];
      network.inject(writeDnsMessage(message({ questions })), from(there));
      network.inject(respond({ ...pointer, ttl }), from(elsewhere));
      network.run(3000);
      expect(network.of(here, start), `${ttl} s`).toHaveLength(times);
    }
  });

  it('is told to an asker of plain DNS by unicast, with its question, its number and a short life', () => {
    const link = network.link(here);
    link.publish(session, () => undefined, 0);
    network.run(5000);
    const questions = [
      { name: `_ravenna_session._sub.${type}.local`, code: recordCodes.PTR, unicast: false },
    ];
    network.inject(writeDnsMessage(message({ id: 77, questions })), from(there, 40_000));
    const reply = network.sent.at(-1);
    expect(reply).toMatchObject({ to: from(there, 40_000), message: { id: 77, questions } });
    const records = [...(reply?.message.answers ?? []), ...(reply?.message.additionals ?? [])];
    expect(records.map(({ data }) => data.type)).toEqual(['PTR', 'SRV', 'A', 'TXT']);
    expect(records.every(({ ttl, flush }) => ttl <= 10 && !flush)).toBe(true);
  });
});

describe('what a name of ours does not have', () => {
  const asked = (name: string, code: number, known: readonly DnsRecord[] = []): Buffer =>
    writeDnsMessage(message({ questions: [{ name, code, unicast: false }], answers: known }));
  /** Types that an NSEC record lists, and the name that it says is next. */
  const read = ({ data }: DnsRecord): { next: string; types: number[] } => {
    if (data.type !== 'other' || data.code !== nsecCode) throw new Error('that is none');
    const labels: string[] = [];
    let at = 0;
    for (let length = data.bytes[at] ?? 0; length > 0; length = data.bytes[at] ?? 0) {
      labels.push(Buffer.from(data.bytes.subarray(at + 1, at + 1 + length)).toString());
      at += 1 + length;
    }
    const [block, size = 0, ...bits] = data.bytes.subarray(at + 1);
    expect([block, size]).toEqual([0, bits.length]);
    expect(bits.at(-1), 'no longer than it must be').not.toBe(0);
    const types = bits.flatMap((byte, i) =>
      [...Array(8).keys()].filter((bit) => byte & (0x80 >> bit)).map((bit) => 8 * i + bit),
    );
    return { next: labels.join('.'), types };
  };
  const service = `Main mix.${type}.local`;

  it.each([
    ['an IPv6 address of our host', 'studio.local', recordCodes.AAAA, [recordCodes.A]],
    ['an address of a service', service, recordCodes.A, [recordCodes.TXT, recordCodes.SRV]],
    [
      'a type that hardly anybody knows, in another case',
      service.toUpperCase(),
      65,
      [recordCodes.TXT, recordCodes.SRV],
    ],
  ])('is said by an NSEC record: %s (RFC 6762 section 6.1)', (_, name, code, types) => {
    network.link(here).publish(session, () => undefined, 0);
    network.run(5000);
    const start = network.now;
    network.inject(asked(name, code), from(there));
    network.run(2000);
    const [answer, ...more] = network.of(here, start);
    expect(more).toEqual([]);
    const [nsec, ...others] = answer?.message.answers ?? [];
    if (nsec === undefined) throw new Error('nothing was said');
    expect(others).toEqual([]);
    expect(nsec).toMatchObject({ flush: true, ttl: 120 });
    expect(read(nsec)).toEqual({ next: nsec.name, types });
    network.inject(asked(name, code, [nsec]), from(there));
    network.run(2000);
    expect(network.of(here, start), 'who knows it is not told').toHaveLength(1);
  });

  it('is not said of names that are not ours alone, or not yet, nor to an asker of plain DNS', () => {
    network.link(here).publish(session, () => undefined, 0);
    network.inject(asked('studio.local', recordCodes.AAAA), from(there));
    network.run(600);
    expect(network.of(here).every(({ message: { isResponse } }) => !isResponse)).toBe(true);
    network.run(5000);
    const start = network.now;
    network.inject(asked(`${type}.local`, recordCodes.TXT), from(there));
    network.inject(asked('other.local', recordCodes.AAAA), from(there));
    network.inject(asked('studio.local', recordCodes.AAAA), from(there, 40_000));
    network.run(2000);
    expect(network.sent.filter(({ at }) => at >= start)).toEqual([]);
  });

  it('comes along with the addresses of our host', () => {
    network.link(here).publish(session, () => undefined, 0);
    network.run(5000);
    const start = network.now;
    network.inject(asked('studio.local', recordCodes.A), from(there));
    network.run(2000);
    const [{ message: said } = { message: message({}) }] = network.of(here, start);
    expect(said.answers.map(({ data }) => data.type)).toEqual(['A']);
    expect(said.additionals.map(read)).toEqual([{ next: 'studio.local', types: [recordCodes.A] }]);
  });
});

describe('what comes over IPv6', () => {
  it('is believed from addresses of the link, and from no others', () => {
    const link = network.link(here);
    const browser = browse(link);
    network.run(200);
    for (const address of ['2001:db8::9', '::1', '::ffff:10.0.0.9', 'fec0::1'])
      network.inject(respond(...foreign('Far')), from(address));
    network.inject(respond(...foreign('Near')), from('fe80::9%eth0'));
    network.run(1000);
    expect(browser.events).toEqual(['+Near']);
  });

  it('is answered', () => {
    network.link(here).publish(session, () => undefined, 0);
    network.run(5000);
    const start = network.now;
    const questions = [{ name: `${type}.local`, code: recordCodes.PTR, unicast: false }];
    network.inject(writeDnsMessage(message({ questions })), from('fe80::9%eth0'));
    network.run(2000);
    expect(network.of(here, start)).toHaveLength(1);
    network.inject(writeDnsMessage(message({ id: 9, questions })), from('fe80::9%eth0', 40_000));
    expect(network.sent.at(-1)).toMatchObject({ to: from('fe80::9%eth0', 40_000), message: { id: 9 } });
  });
});

describe('a browser', () => {
  it('finds services by type and by subtype, whoever came first', () => {
    network.link(here).publish(session, () => undefined, 0);
    const link = network.link(there);
    const [early, subtype, other] = [browse(link), browse(link, '_ravenna_session'), browse(link, '_other')];
    network.run(3000);
    const late = browse(network.link(elsewhere), '_ravenna_session');
    network.run(3000);
    for (const each of [early, subtype, late]) expect(each.events).toEqual(['+Main mix']);
    expect(other.events).toEqual([]);
    expect(late.found[0]).toEqual({
      ...{ name: 'Main mix', type, interface: 'eth0', host: 'studio.local', port: 9010 },
      ...{ addresses: [here], txt: { id: '1' } },
    });
  });

  it('asks after 1, 2, 4 ... s and at most every hour, and says what it knows', () => {
    const browser = browse(network.link(here));
    network.run(200);
    network.inject(respond(...foreign('Box')), from(elsewhere));
    network.run(40_000);
    const asked = network
      .of(here)
      .filter(({ message: { questions } }) => questions[0]?.code === recordCodes.PTR);
    const at = asked.map((each) => each.at - (asked[0]?.at ?? 0));
    expect(at).toEqual([0, 1000, 3000, 7000, 15_000, 31_000]);
    expect(asked[0]?.message.answers).toEqual([]);
    expect(asked[1]?.message.answers).toMatchObject([{ ttl: 4499, data: { target: `Box.${type}.local` } }]);
    network.run(7_200_000);
    browser.dispose();
    const later = network.now;
    network.run(7_200_000);
    expect(network.of(here, later)).toEqual([]);
  });

  it('asks for the parts that did not come along, and finds the service when it is whole', () => {
    const browser = browse(network.link(here));
    network.run(200);
    const [pointer, srv, txt, address] = foreign('Box') as [DnsRecord, DnsRecord, DnsRecord, DnsRecord];
    network.inject(respond(pointer), from(elsewhere));
    network.run(200);
    expect(questionsOf(here)).toEqual([`12 ${type}.local`, `33 Box.${type}.local`, `16 Box.${type}.local`]);
    network.inject(respond(srv, txt), from(elsewhere));
    network.run(200);
    expect(questionsOf(here).at(-1)).toBe('1 box.local');
    expect(browser.events).toEqual([]);
    network.inject(respond(address), from(elsewhere));
    expect(browser.events).toEqual(['+Box']);
  });

  it('asks again at 80, 85, 90 and 95 % of a record’s life, and loses the service when nobody answers', () => {
    const browser = browse(network.link(here));
    network.run(200);
    const start = network.now;
    network.inject(respond(...foreign('Box', { ttl: 120 })), from(elsewhere));
    network.run(119_000);
    const asked = network
      .of(here, start + 80_000)
      .filter(({ message: { questions } }) => questions.some(({ name }) => name === `Box.${type}.local`));
    const parts = asked.map(({ at }) => Math.round(((at - start) / 120_000) * 100));
    expect([...new Set(parts)]).toEqual([81, 86, 91, 96]); // spread by up to 2 %: here always 1
    expect(browser.events).toEqual(['+Box']);
    network.run(2000);
    expect(browser.events).toEqual(['+Box', '-Box']);
  });

  it('takes a new record of a unique set for the only one, a second later', () => {
    const browser = browse(network.link(here));
    network.run(200);
    network.inject(respond(...foreign('Box')), from(elsewhere));
    network.run(5000);
    network.inject(respond(...foreign('Box', { port: 9999, address: '10.0.0.77' })), from(elsewhere));
    network.run(5000);
    expect(browser.found.at(-1)).toMatchObject({ port: 9999, addresses: ['10.0.0.77'] });
  });

  it('does not believe answers from another port or another network', () => {
    const browser = browse(network.link(here));
    network.run(200);
    network.inject(respond(...foreign('Liar')), from(elsewhere, 5354));
    network.inject(respond(...foreign('Far')), from('192.0.2.7'));
    network.run(1000);
    expect(browser.events).toEqual([]);
  });

  it('keeps nothing that nobody asked for, and not without end what was asked for', () => {
    const link = network.link(here);
    network.inject(respond(...foreign('Unwanted')), from(elsewhere));
    expect(link.cacheSize).toBe(0);
    const browser = browse(link);
    for (let i = 0; i < 1100; i += 1) network.inject(respond(...foreign(`Flood ${i}`)), from(elsewhere));
    network.run(1000);
    expect(link.cacheSize).toBeLessThanOrEqual(cacheLimits.records);
    expect(browser.found.length).toBeLessThanOrEqual(cacheLimits.ofOneSet);
    browser.dispose();
    network.run(100);
    expect(link.cacheSize).toBe(0);
  });

  it('reads TXT keys in lower case, the first of equal ones, and __proto__ as a plain key', () => {
    const link = network.link(here);
    const strings = ['Id=1', 'ID=2', 'flag', '=none', '__proto__=x'].map((each) => Buffer.from(each));
    let txt: Readonly<Record<string, string>> = {};
    const sink = { found: (service: MdnsService) => void (txt = service.txt), lost: () => undefined };
    new ServiceWatch(link, { name: 'Box', type }, sink, network.clock);
    const [, srv, , address] = foreign('Box') as [DnsRecord, DnsRecord, DnsRecord, DnsRecord];
    network.inject(
      respond(srv, address, record(`Box.${type}.local`, { type: 'TXT', strings })),
      from(elsewhere),
    );
    expect(Object.entries(txt)).toEqual([
      ['id', '1'],
      ['flag', ''],
      ['__proto__', 'x'],
    ]);
  });

  it('takes what somebody else asks for asked, unless they know answers that it does not', () => {
    const ask = (parts: Parameters<typeof message>[0] = {}, unicast = false): void => {
      const questions = [{ name: `${type}.local`, code: recordCodes.PTR, unicast }];
      network.inject(writeDnsMessage(message({ questions, ...parts })), from(elsewhere));
    };
    const [pointer] = foreign('Box');
    const asked = (): number => questionsOf(here).filter((each) => each === `12 ${type}.local`).length;
    browse(network.link(here));
    ask();
    network.run(990);
    expect(asked(), 'it would have been asked after 70 ms').toBe(0);
    network.run(20);
    expect(asked()).toBe(1);
    // Its next one is due two seconds later.
    network.run(1500);
    ask({ answers: [pointer as DnsRecord] });
    ask({}, true);
    ask({ truncated: true });
    network.run(1000);
    expect(asked()).toBe(2);
  });

  it('sends more known answers than one message holds in several, all but the last marked', () => {
    browse(network.link(here));
    network.run(200);
    for (let i = 0; i < 80; i += 1)
      network.inject(respond(...foreign(`Stage box with a long name, number ${i}`)), from(elsewhere));
    const start = network.now;
    network.run(1100);
    const asked = network.of(here, start).filter(({ message: { answers } }) => answers.length > 0);
    expect(asked.length).toBeGreaterThan(1);
    expect(asked.map(({ message: { truncated } }) => truncated)).toEqual(
      asked.map((_, i) => i < asked.length - 1),
    );
    expect(asked.flatMap(({ message: { answers } }) => answers)).toHaveLength(80);
  });
});
