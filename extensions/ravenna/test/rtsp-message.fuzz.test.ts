import { expect, it } from 'vitest';
import { RtspAuthentication } from '../src/rtsp-authentication.ts';
import { RtspError, RtspParser, rtspLimits, writeRtsp } from '../src/rtsp-message.ts';

const runs = Number(process.env['TUTTI_FUZZ_RUNS'] ?? 200_000);
const seed = Number(process.env['TUTTI_FUZZ_SEED'] ?? 20_261_127);

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

const seeds = [
  writeRtsp({
    start: 'RTSP/1.0 200 OK',
    headers: { CSeq: '1', 'Content-Type': 'application/sdp' },
    body: 'v=0\r\n'.repeat(9),
  }),
  writeRtsp({ start: 'ANNOUNCE rtsp://h:8554/by-id/1 RTSP/1.0', headers: { CSeq: '2' }, body: 'v=0\r\n' }),
  writeRtsp({ start: 'OPTIONS * RTSP/1.0', headers: { CSeq: '3', 'X-Empty': '' } }),
  writeRtsp({
    start: 'RTSP/1.0 401 Unauthorized',
    headers: {
      CSeq: '4',
      'WWW-Authenticate': 'Digest realm="a\\"b", qop="auth", nonce="c", stale=true, Basic realm=d',
    },
  }),
  Buffer.from([0x24, 0, 0, 4, 1, 2, 3, 4]),
];

it(`cuts ${runs} damaged streams without ever throwing anything but its own error (seed ${seed})`, () => {
  console.log(`rtsp fuzz: ${runs} inputs, TUTTI_FUZZ_SEED=${seed}`);
  const random = randomNumbers(seed);
  let taken = 0;
  let broken = 0;
  let answered = 0;
  for (let run = 0; run < runs; run += 1) {
    const parser = new RtspParser();
    const parts = Array.from({ length: 1 + random(3) }, () => seeds[random(seeds.length)] ?? Buffer.alloc(0));
    const bytes = Buffer.concat(parts);
    for (let changes = random(5); changes > 0; changes -= 1) bytes[random(bytes.length)] = random(256);
    const cut = random(bytes.length);
    try {
      for (const message of [...parser.push(bytes.subarray(0, cut)), ...parser.push(bytes.subarray(cut))]) {
        taken += 1;
        const authentication = new RtspAuthentication({ user: 'a', password: 'b' });
        if (authentication.challenge(message.headers.get('www-authenticate') ?? ''))
          answered += authentication.header('PLAY', '/')?.length ?? 0;
        if (message.body.length > rtspLimits.body) expect.fail(`run ${run}: a body beyond the limit`);
      }
    } catch (error) {
      broken += 1;
      if (!(error instanceof RtspError)) throw error;
    }
  }
  expect(taken).toBeGreaterThan(runs / 10);
  expect(answered).toBeGreaterThan(runs / 20);
  expect(broken).toBeGreaterThan(runs / 20);
}, 600_000);
