import { deflateSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { readSapPacket } from '../src/sap-packet.ts';
import { sapTableLimits, SapTable } from '../src/sap-table.ts';
import { description } from './packets.ts';

const runs = Number(process.env['TUTTI_FUZZ_RUNS'] ?? 1_000_000);
const seed = Number(process.env['TUTTI_FUZZ_SEED'] ?? 20_260_102);

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

const sdp = description('Fuzz');
const head = (flags: number, ...more: number[]): Uint8Array =>
  Uint8Array.from([flags, 0, 1, 2, 10, 0, 0, 1, ...more]);
const seeds = [
  [head(0x20), Buffer.from(`application/sdp\0${sdp}`)],
  [head(0x20), Buffer.from(sdp)],
  [head(0x24), Buffer.from('o=- 1 1 IN IP4 127.0.0.1\r\n')],
  [head(0x30, ...Array.from({ length: 12 }, (_, i) => i)), Buffer.from(sdp)],
  [head(0x21), deflateSync(`application/sdp\0${sdp}`)],
  [head(0x21), deflateSync(Buffer.alloc(100_000))],
].map((parts) => Buffer.concat(parts));

it(`reads ${runs} damaged messages without ever throwing or growing (seed ${seed})`, () => {
  console.log(`sap fuzz: ${runs} inputs, TUTTI_FUZZ_SEED=${seed}`);
  const random = randomNumbers(seed);
  const table = new SapTable();
  let taken = 0;
  for (let run = 0; run < runs; run++) {
    const original = seeds[random(seeds.length - (run % 64 === 0 ? 0 : 2))] ?? Buffer.alloc(0);
    const bytes = Buffer.from(
      original.subarray(0, random(3) === 0 ? random(original.length + 1) : undefined),
    );
    for (let changes = random(5); changes > 0; changes--) {
      if (bytes.length > 0)
        bytes[random(random(2) === 0 ? Math.min(12, bytes.length) : bytes.length)] = random(256);
    }
    const result = readSapPacket(bytes);
    if (!result.ok) {
      if (result.error.message.length > 200) expect.fail(`run ${run}: a message without end`);
      continue;
    }
    taken += 1;
    if (result.value.payload.length > 64 * 1024) expect.fail(`run ${run}: ${bytes.toString('hex')}`);
    table.receive(result.value, `10.0.${random(4)}.${random(256)}`, run);
    if (table.size > sapTableLimits.sessions) expect.fail(`run ${run}: the table outgrew its limit`);
  }
  expect(taken).toBeGreaterThan(runs / 10);
  expect(taken).toBeLessThan(runs * 0.9);
}, 600_000);
