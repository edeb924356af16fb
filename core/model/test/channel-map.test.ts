import { formatChannelList, formatChannelMap, parseChannelList, parseChannelMap } from '@tutti/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const channel = fc.integer({ min: 1, max: 128 });

describe('parseChannelMap', () => {
  it.each([
    [
      '1-3:17-19',
      [
        [1, 17],
        [2, 18],
        [3, 19],
      ],
    ],
    [
      '1-2',
      [
        [1, 1],
        [2, 2],
      ],
    ],
    [
      '1:5,2:6',
      [
        [1, 5],
        [2, 6],
      ],
    ],
    [
      ' 1 - 2 : 7 - 8 , 3 : 1 ',
      [
        [1, 7],
        [2, 8],
        [3, 1],
      ],
    ],
    // One source may feed several inputs.
    [
      '1:1,1:2',
      [
        [1, 1],
        [1, 2],
      ],
    ],
  ])('reads %j', (text, pairs) => {
    expect(parseChannelMap(text)).toEqual({ ok: true, value: pairs });
  });

  it.each([
    ['', 'is not a channel'],
    ['a', 'is not a channel'],
    ['1-', 'is not a channel'],
    ['1:2:3', 'more than one colon'],
    ['1-8:17-20', 'joins 8 channels to 4'],
    ['8-1', 'runs backwards'],
    ['0:1', 'no channel 0'],
    ['1:129', 'no channel 129'],
    ['1:3,2:3', 'Channel 3 is the target of two channels'],
    ['1-999999', 'no channel 999999'],
    ['1,'.repeat(2000), 'too long'],
  ])('refuses %j and says why, where and what to do', (text, message) => {
    const result = parseChannelMap(text, { field: 'receivers[0].map' });
    expect(result).toMatchObject({ ok: false, error: { code: 'invalid', field: 'receivers[0].map' } });
    if (result.ok) return;
    expect(result.error.message).toContain(message);
    expect(result.error.fix).toMatch(/\.$/);
  });

  it('holds each side to what is there', () => {
    expect(parseChannelMap('3:1', { maxFrom: 2 })).toMatchObject({
      ok: false,
      error: { message: 'There is no channel 3 here.', fix: 'Channels run from 1 to 2.' },
    });
    expect(parseChannelMap('1:3', { maxTo: 2 }).ok).toBe(false);
  });

  it('reads back what formatChannelMap writes', () => {
    const maps = fc.uniqueArray(fc.tuple(channel, channel), {
      minLength: 1,
      maxLength: 128,
      selector: ([, to]) => to,
    });
    fc.assert(
      fc.property(maps, (pairs) => {
        expect(parseChannelMap(formatChannelMap(pairs))).toEqual({ ok: true, value: pairs });
      }),
    );
  });

  it('is written in runs', () => {
    expect(
      formatChannelMap([
        [1, 17],
        [2, 18],
        [3, 19],
        [9, 1],
      ]),
    ).toBe('1-3:17-19,9:1');
  });
});

describe('parseChannelList', () => {
  it.each([
    ['1-4', [1, 2, 3, 4]],
    ['5,1,3', [5, 1, 3]],
    ['1-2,9', [1, 2, 9]],
  ])('reads %j in the order written', (text, channels) => {
    expect(parseChannelList(text)).toEqual({ ok: true, value: channels });
  });

  it('refuses a channel that is listed twice', () => {
    expect(parseChannelList('1-4,3')).toMatchObject({
      ok: false,
      error: { code: 'invalid', field: 'channels', message: 'Channel 3 is listed twice.' },
    });
  });

  it('reads back what formatChannelList writes', () => {
    fc.assert(
      fc.property(fc.uniqueArray(channel, { minLength: 1 }), (channels) => {
        expect(parseChannelList(formatChannelList(channels))).toEqual({ ok: true, value: channels });
      }),
    );
  });
});
