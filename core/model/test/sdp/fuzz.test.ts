import { checkSdp, readSdp, sdpLimits, type SdpReadResult } from '@tutti/model';
import { expect, it } from 'vitest';
import { descriptionWith, fixtures } from '../texts.ts';
import { mutate, randomNumbers } from './mutate.ts';

const runs = Number(process.env['TUTTI_FUZZ_RUNS'] ?? 1_000_000);
const seed = Number(process.env['TUTTI_FUZZ_SEED'] ?? 20_260_101);

/** What must hold for every input, as plain code: a million calls of expect would take longer than the reading. */
function findViolation(text: string, { session, problems }: SdpReadResult): string | undefined {
  if (problems.length > 3 * sdpLimits.problems) return 'too many problems';
  const hasError = problems.some((problem) => problem.severity === 'error');
  if (hasError === (session !== undefined)) return 'neither a session nor an error, or both';
  if (problems.length > 0) {
    const lines = text.split(/\r\n|\n|\r/);
    for (const { line, column, message } of problems) {
      const content = lines[line - 1];
      if (content === undefined || column < 1 || column > content.length + 1)
        return `place ${line}:${column}`;
      if (message.length > 300) return 'a message without end';
    }
  }
  if (!session) return undefined;
  const { streams } = session;
  if (streams.length < 1 || streams.length > sdpLimits.media) return 'number of streams';
  for (const stream of streams) {
    const { rate, channels, payloadType, framesPerPacket = 1, legs } = stream;
    if (!within(rate, sdpLimits.rate) || !within(channels, sdpLimits.channels)) return 'rate or channels';
    if (!within(payloadType, sdpLimits.payloadType)) return 'payload type';
    if (!within(framesPerPacket, sdpLimits.framesPerPacket)) return 'frames';
    if (legs.length < (stream.control === undefined ? 1 : 0) || legs.length > 2) return 'number of legs';
    if ((stream.control?.length ?? 1) > sdpLimits.line) return 'control';
    for (const { address, port, ttl = 0, sources } of legs) {
      if (!/^\d+\.\d+\.\d+\.\d+$/.test(address) || /^(0|127|255)\.|^224\.0\.0\./.test(address))
        return address;
      if (!within(port, sdpLimits.port) || !within(ttl, sdpLimits.ttl)) return 'port or TTL';
      if (sources.length > sdpLimits.list) return 'number of sources';
    }
    if (stream.channelLabels.length > channels) return 'number of labels';
    if (stream.referenceClocks.length > 2 * sdpLimits.list) return 'number of clocks';
  }
  return undefined;
}

function within(value: number, bounds: { readonly min: number; readonly max: number }): boolean {
  return Number.isInteger(value) && value >= bounds.min && value <= bounds.max;
}

it(`reads ${runs} damaged descriptions without ever throwing or leaving its bounds (seed ${seed})`, () => {
  console.log(`sdp fuzz: ${runs} inputs, TUTTI_FUZZ_SEED=${seed}`);
  const random = randomNumbers(seed);
  const texts = [...fixtures.map(({ text }) => text), descriptionWith()];
  let sessions = 0;
  for (let run = 0; run < runs; run++) {
    const text = mutate(texts, random);
    // Checking reads first, and looks at more: it takes its turn.
    const result = run % 8 === 0 ? checkSdp(text) : readSdp(text);
    const violation = findViolation(text, result);
    if (violation !== undefined) expect.fail(`run ${run}: ${violation} for ${JSON.stringify(text)}`);
    if (result.session) sessions += 1;
  }
  // The generator is only worth something if it reaches what lies behind the first check.
  expect(sessions).toBeGreaterThan(runs / 10);
  expect(sessions).toBeLessThan(runs * 0.9);
}, 600_000);
