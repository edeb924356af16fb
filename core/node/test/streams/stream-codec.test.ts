import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { announcedSdp } from '@tutti/test';
import { codecOf } from '../../src/streams/stream-codec.ts';
import type { PlanEnvironment } from '../../src/streams/plan-environment.ts';
import { Rig } from '../support/rig.ts';

const native = (id: string, more: object = {}): PlanEnvironment['libraries'][number] => ({
  ...{ kind: 'codec', id, extension: 'test.codecs', path: `/${id}.so`, file: id },
  ...more,
});
const own = [native('L16'), native('L24')];
const hidden = [
  native('DOP', { inside: 'L24', automaticFrom: 176_400 }),
  native('DOP-PCM', { inside: 'L24', automaticFrom: 176_400 }),
];
const environment = (
  libraries: PlanEnvironment['libraries'],
  codecs: PlanEnvironment['codecs'] = {},
): PlanEnvironment => ({
  ...{ interfaces: [], libraries, clock: undefined, linkOffsetMs: 3, foreignLinkOffsetMs: 20 },
  ...{ codecs, clockOptions: {} },
});

describe('the codec of a stream', () => {
  const all = environment([...own, ...hidden]);
  const fast = { encoding: 'L24', rate: 176_400 };

  it('is its encoding’s, unless one inside it reads such streams by itself', () => {
    expect(codecOf({ encoding: 'L24', rate: 48_000 }, all, 'codec')).toEqual({ ok: true, value: 'L24' });
    expect(codecOf(fast, all, 'codec')).toEqual({ ok: true, value: 'DOP' });
    expect(codecOf({ ...fast, encoding: 'L16' }, all, 'codec')).toEqual({ ok: true, value: 'L16' });
    expect(codecOf(fast, environment(own), 'codec')).toEqual({ ok: true, value: 'L24' });
  });

  it('is what a person chose, for the stream before its encoding', () => {
    const usual = environment([...own, ...hidden], { L24: 'DOP-PCM' });
    expect(codecOf(fast, usual, 'codec')).toEqual({ ok: true, value: 'DOP-PCM' });
    expect(codecOf({ ...fast, codec: 'L24' }, usual, 'codec')).toEqual({ ok: true, value: 'L24' });
    expect(codecOf({ encoding: 'L24', rate: 48_000 }, usual, 'codec')).toEqual({ ok: true, value: 'L24' });
    const off = environment([...own, ...hidden], { L24: 'L24' });
    expect(codecOf(fast, off, 'codec')).toEqual({ ok: true, value: 'L24' });
  });

  it('falls back to its encoding’s while what the setting names is not enabled', () => {
    const usual = environment(own, { L24: 'DOP-PCM' });
    expect(codecOf(fast, usual, 'codec')).toEqual({ ok: true, value: 'L24' });
  });

  it('cannot be one that is not there, or that reads something else', () => {
    expect(codecOf({ ...fast, codec: 'DOP' }, environment(own), 'codec')).toMatchObject({
      error: { code: 'unsupported', field: 'codec' },
    });
    expect(codecOf({ encoding: 'L16', rate: 48_000, codec: 'DOP' }, all, 'codec')).toMatchObject({
      error: { code: 'invalid', message: expect.stringContaining('L16') as string },
    });
  });
});

describe('a receiver of L24 at 176.4 kHz', () => {
  let rig: Rig;
  beforeEach(async () => {
    rig = await new Rig().start();
    await rig.streams.setDevice({ rate: 176_400 });
  });
  afterEach(async () => {
    expect(await rig.stop()).toEqual({});
  });
  const sdp = announcedSdp().replace('/48000', '/176400');
  const codec = (): string | undefined => rig.engineProcess.plan?.receivers[0]?.codec;

  it('changes its codec when an extension with one for what hides inside comes and goes', async () => {
    await rig.streams.addReceiver({ sdp, timing: 'arrival' });
    expect(codec()).toBe('L24');
    const registered = hidden.map((each) => rig.registries.codecs.register(each.id, each));
    await rig.reconciler.reconcile();
    expect(codec()).toBe('DOP');
    for (const each of registered) each.dispose();
    await rig.reconciler.reconcile();
    expect(codec()).toBe('L24');
  });

  it('takes the codec that a person chooses, and auto again', async () => {
    const registered = hidden.map((each) => rig.registries.codecs.register(each.id, each));
    const { id } = await rig.streams.addReceiver({ sdp, timing: 'arrival', codec: 'dop-pcm' });
    expect(codec()).toBe('DOP-PCM');
    await rig.streams.changeReceiver(id, { name: 'Other' });
    expect(codec()).toBe('DOP-PCM');
    await rig.streams.changeReceiver(id, { codec: 'auto' });
    expect(codec()).toBe('DOP');
    await expect(rig.streams.changeReceiver(id, { codec: 'MP3' })).rejects.toMatchObject({
      problem: expect.objectContaining({ code: 'unsupported', field: 'codec' }) as object,
    });
    for (const each of registered) each.dispose();
  });

  it('at 705.6 kHz is resampled; to keep its bits is refused, with what would do', async () => {
    const tooFast = announcedSdp().replace('/48000', '/705600');
    await expect(rig.streams.addReceiver({ sdp: tooFast, timing: 'arrival' })).rejects.toMatchObject({
      problem: expect.objectContaining({
        code: 'unsupported',
        fix: expect.stringContaining('in pairs of channels') as string,
      }) as object,
    });
    await rig.streams.addReceiver({ sdp: tooFast });
    expect(rig.engineProcess.plan?.receivers[0]?.timing.kind).toBe('resample');
    await expect(rig.streams.setDevice({ rate: 705_600 })).rejects.toMatchObject({
      problem: expect.objectContaining({ fix: expect.stringContaining('DSD256') as string }) as object,
    });
  });
});
