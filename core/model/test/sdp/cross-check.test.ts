import { readSdp } from '@tutti/model';
import { parse } from 'sdp-transform';
import { describe, expect, it } from 'vitest';
import { corpusTexts, fixtures } from '../texts.ts';

// Another reader, written by others: what both understand they must understand alike. It knows neither a missing line
// end nor an empty channel count, so descriptions with warnings of ours are left to our own tests.
const valid = [...fixtures, ...corpusTexts()].filter(({ text }) => {
  const { session, problems } = readSdp(text);
  return session !== undefined && problems.every((problem) => problem.severity === 'info');
});

describe('readSdp agrees with sdp-transform', () => {
  it.each(valid.map(({ name, text }) => [name, text] as const))('about %s', (_, text) => {
    const ours = readSdp(text).session;
    const theirs = parse(text);
    expect(ours?.origin.address).toBe(theirs.origin?.address.trim());
    expect(Number(ours?.origin.sessionVersion)).toBe(theirs.origin?.sessionVersion);
    expect(ours?.name).toBe(String(theirs.name ?? '').trim());

    const audio = theirs.media.filter((media) => media.type === 'audio');
    const legs = ours?.streams.flatMap((stream) => stream.legs.map((leg) => ({ stream, leg }))) ?? [];
    expect(legs).toHaveLength(audio.length);
    for (const [i, media] of audio.entries()) {
      const { stream, leg } = legs[i] ?? {};
      const rtp = media.rtp.find((candidate) => candidate.payload === stream?.payloadType);
      expect(leg?.address).toBe((media.connection ?? theirs.connection)?.ip.split('/')[0]?.trim());
      expect(leg?.port).toBe(media.port);
      if (!rtp) continue;
      expect(stream?.encoding).toBe(rtp.codec.toUpperCase());
      expect(stream?.rate).toBe(rtp.rate);
      expect(stream?.channels).toBe(Number(rtp.encoding ?? 1));
      expect(stream?.packetTime).toBe(media.ptime === undefined ? undefined : Number(media.ptime));
    }
  });
});
