import { describe, expect, it } from 'vitest';
import { descriptionWith } from '../texts.ts';
import { codes, readStream } from './reading.ts';

describe('readSdp reads every way to name a clock', () => {
  const clockOf = (value: string): unknown =>
    readStream(descriptionWith({ refclk: `a=ts-refclk:${value}` })).referenceClocks[0];
  const ptp = { kind: 'ptp', version: 'IEEE1588-2008', traceable: false };
  const grandmaster = '02-00-00-FF-FE-00-00-01';

  it.each([
    ['ptp=IEEE1588-2008:02-00-00-FF-FE-00-00-01', { ...ptp, grandmaster }],
    ['ptp=IEEE1588-2008:02-00-00-ff-fe-00-00-01:127', { ...ptp, grandmaster, domain: 127 }],
    ['ptp=IEEE1588-2008:02-00-00-FF-FE-00-00-01:domain-nmbr=3', { ...ptp, grandmaster, domain: 3 }],
    ['PTP=ieee1588-2008:TRACEABLE', { ...ptp, traceable: true }],
    ['ptp=traceable', { ...ptp, traceable: true }],
    [
      'ptp=IEEE1588-2002:02-00-00-FF-FE-00-00-01:domain-name=_DFLT',
      { ...ptp, version: 'IEEE1588-2002', grandmaster },
    ],
    ['ptp=IEEE1588-2019:02-00-00-00-00-01:0', { ...ptp, version: 'IEEE1588-2019', grandmaster, domain: 0 }],
    ['ptp=IEEE802.1AS-2011:02-00-00-FF-FE-00-00-01', { ...ptp, version: 'IEEE802.1AS-2011', grandmaster }],
    ['ptp=IEEE1588-2008:00-00-00-00-00-00-00-00:0', { ...ptp, domain: 0 }],
    ['localmac=0a-0b-0c-0d-0e-0f', { kind: 'localmac', mac: '0A-0B-0C-0D-0E-0F' }],
    ['ntp=time.example.org:123', { kind: 'ntp', text: 'ntp=time.example.org:123' }],
    ['ntp=/traceable/', { kind: 'ntp', text: 'ntp=/traceable/' }],
    ['gps', { kind: 'gps', text: 'gps' }],
    ['gal', { kind: 'gal', text: 'gal' }],
    ['glonass', { kind: 'glonass', text: 'glonass' }],
    ['local', { kind: 'local', text: 'local' }],
    ['private:traceable', { kind: 'private', text: 'private:traceable' }],
    ['atomic=3', { kind: 'other', text: 'atomic=3' }],
  ])('%s', (value, expected) => {
    expect(clockOf(value)).toEqual(expected);
  });

  it.each(['ptp=IEEE1588-2008:hello:0', 'ptp=:::', 'localmac=12', ''])(
    'ignores %j with a warning',
    (value) => {
      expect(clockOf(value)).toBeUndefined();
      expect(codes(descriptionWith({ refclk: `a=ts-refclk:${value}` }))).toEqual(['bad-ts-refclk']);
    },
  );

  it('keeps the clock but not a domain beyond 127', () => {
    expect(clockOf('ptp=IEEE1588-2008:02-00-00-FF-FE-00-00-01:128')).toEqual({ ...ptp, grandmaster });
  });
});

describe('readSdp reads media clocks', () => {
  const clockOf = (value: string): unknown =>
    readStream(descriptionWith({ mediaclk: `a=mediaclk:${value}` })).mediaClock;

  it.each([
    ['direct=4294967295', { kind: 'direct', offset: 4294967295 }],
    ['direct', { kind: 'direct', offset: 0 }],
    ['direct=5 rate=48000', { kind: 'direct', offset: 5 }],
    ['direct=5 rate=48000/1', { kind: 'direct', offset: 5 }],
    ['id=MDE= direct=6', { kind: 'direct', offset: 6 }],
    ['sender', { kind: 'sender' }],
    ['IEEE1722=38-D6-6D-8E-D2-78-13-2F', { kind: 'ieee1722', stream: '38-D6-6D-8E-D2-78-13-2F' }],
    // Pulled down: counting samples of the nominal rate would run away from it.
    ['direct=0 rate=1000/1001', { kind: 'sender' }],
    ['direct=4294967296', undefined],
    ['tomorrow', undefined],
  ])('%s', (value, expected) => {
    expect(clockOf(value)).toEqual(expected);
  });

  it('warns when sync-time contradicts mediaclk, and believes mediaclk', () => {
    const text = descriptionWith({}, ['a=sync-time:99']);
    expect(readStream(text).mediaClock).toEqual({ kind: 'direct', offset: 0 });
    expect(codes(text)).toEqual(['sync-time-mismatch']);
  });
});

describe('readSdp turns packet times into frames', () => {
  it.each([
    ['0.12', 48000, 6],
    ['0.125', 48000, 6],
    ['0.12', 96000, 12],
    ['0.33', 48000, 16],
    ['0.33', 96000, 32],
    ['4', 48000, 192],
    ['5', 48000, 240],
    ['1.09', 44100, 48],
    ['4.35', 44100, 192],
    ['.25', 48000, 12],
  ])('%s ms at %d Hz is %d frames', (ptime, rate, frames) => {
    const text = descriptionWith({ rtpmap: `a=rtpmap:96 L24/${rate}/2`, ptime: `a=ptime:${ptime}` });
    expect(readStream(text).framesPerPacket).toBe(frames);
  });

  it('uses framecount when there is no ptime, and not a range', () => {
    expect(readStream(descriptionWith({ ptime: 'a=framecount:96' })).framesPerPacket).toBe(96);
    expect(readStream(descriptionWith({ ptime: 'a=framecount:48-96' })).framesPerPacket).toBeUndefined();
  });

  it('warns when framecount contradicts ptime', () => {
    expect(codes(descriptionWith({}, ['a=framecount:6']))).toEqual(['framecount-mismatch']);
  });

  it.each(['0', '-1', 'one', '1e9', '1000000', '99999'])('ignores ptime %s with a warning', (ptime) => {
    const text = descriptionWith({ ptime: `a=ptime:${ptime}` });
    expect(readStream(text).framesPerPacket).toBeUndefined();
    expect(codes(text)).toEqual(['bad-ptime']);
  });
});

describe('readSdp reads source filters', () => {
  const sourcesOf = (...filters: string[]): readonly string[] | undefined =>
    readStream(
      descriptionWith(
        {},
        filters.map((filter) => `a=source-filter:${filter}`),
      ),
    ).legs[0]?.sources;

  it('that name several sources or any destination', () => {
    expect(sourcesOf(' incl IN IP4 * 10.0.0.1 10.0.0.2')).toEqual(['10.0.0.1', '10.0.0.2']);
  });

  it('but not those of another destination', () => {
    expect(sourcesOf(' incl IN IP4 239.8.8.8 10.0.0.1')).toEqual([]);
  });

  it.each([' excl IN IP4 * 10.0.0.1', ' incl IN IP4 * camera.example.org', ' incl IN IP4'])(
    'nor %j',
    (filter) => {
      expect(sourcesOf(filter)).toEqual([]);
      expect(codes(descriptionWith({}, [`a=source-filter:${filter}`]))).toEqual(['source-filter-ignored']);
    },
  );
});
