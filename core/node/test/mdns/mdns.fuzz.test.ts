import { expect, it } from 'vitest';
import { cacheLimits } from '../../src/mdns/record-cache.ts';
import { message, recordCodes, type DnsData } from '../../src/mdns/dns-message.ts';
import { readDnsMessage } from '../../src/mdns/read-dns-message.ts';
import { TypeWatch } from '../../src/mdns/service-watch.ts';
import { writeDnsMessage } from '../../src/mdns/write-dns-message.ts';
import { VirtualNetwork } from './virtual-network.ts';

const runs = Number(process.env['TUTTI_FUZZ_RUNS'] ?? 100_000);
const seed = Number(process.env['TUTTI_FUZZ_SEED'] ?? 20_261_126);
const type = '_rtsp._tcp';

/** Small fast random numbers (xorshift32): the same seed gives the same run on every machine. */
function randomNumbers(start: number): (below: number) => number {
  let state = start >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const record = (name: string, data: DnsData, ttl: number) => ({ name, ttl, flush: true, data });
const answers = ['Main mix', 'Box'].flatMap((name) => [
  record(`${type}.local`, { type: 'PTR', target: `${name}.${type}.local` }, 4500),
  record(
    `${name}.${type}.local`,
    { type: 'SRV', priority: 0, weight: 0, port: 554, target: 'box.local' },
    120,
  ),
  record(`${name}.${type}.local`, { type: 'TXT', strings: [Buffer.from('a=b')] }, 4500),
  record('box.local', { type: 'A', address: '10.0.0.9' }, 120),
]);
const questions = [{ name: `${type}.local`, code: recordCodes.PTR, unicast: false }];
const seeds = [
  message({ isResponse: true, answers }),
  message({ questions, answers: answers.slice(0, 1), truncated: true }),
  message({
    questions: [{ name: `Main mix.${type}.local`, code: 255, unicast: true }],
    authorities: answers,
  }),
].map(writeDnsMessage);

it(`takes ${runs} damaged messages at a link without ever throwing or growing (seed ${seed})`, () => {
  console.log(`mdns fuzz: ${runs} inputs, TUTTI_FUZZ_SEED=${seed}`);
  const random = randomNumbers(seed);
  const network = new VirtualNetwork();
  const link = network.link('10.0.0.1');
  const published = { name: 'Main mix', type, port: 9010 };
  link.publish(published, () => undefined, 0);
  new TypeWatch(
    link,
    { type, subtype: undefined },
    { found: () => undefined, lost: () => undefined },
    network.clock,
  );
  network.run(3000);
  let taken = 0;
  for (let run = 0; run < runs; run += 1) {
    const original = seeds[random(seeds.length)] ?? Buffer.alloc(0);
    const bytes = Buffer.from(
      original.subarray(0, random(3) === 0 ? random(original.length + 1) : undefined),
    );
    for (let changes = random(5); changes > 0 && bytes.length > 0; changes -= 1)
      bytes[random(random(2) === 0 ? Math.min(12, bytes.length) : bytes.length)] = random(256);
    if (readDnsMessage(bytes).ok) taken += 1;
    link.receive(bytes, { address: '10.0.0.9', port: random(8) === 0 ? 40_000 : 5353 }, network.now);
    if (run % 256 === 0) network.run(random(400));
    network.sent.length = 0;
    if (link.cacheSize > cacheLimits.records) expect.fail(`run ${run}: the cache outgrew its limit`);
  }
  expect(taken).toBeGreaterThan(runs / 10);
  expect(taken).toBeLessThan(runs * 0.9);
}, 600_000);
