import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Registry } from '@tutti/common';
import { TapList } from '../../src/registries/tap-list.ts';

describe('a registry', () => {
  it('takes an entry once, forgets it when disposed, and says so', () => {
    const registry = new Registry<number>();
    let changes = 0;
    const watch = registry.onDidChange(() => (changes += 1));
    const entry = registry.register('a', 1);
    expect(() => registry.register('a', 2)).toThrow('registered already');
    expect(registry.get('a')).toBe(1);
    entry.dispose();
    entry.dispose();
    expect(registry.get('a')).toBeUndefined();
    expect(changes).toBe(2);
    watch.dispose();
    expect([registry.size, registry.listenerCount]).toEqual([0, 0]);
  });
});

describe('a tap list', () => {
  it('runs taps in their order, each with what the one before returned', async () => {
    const taps = new TapList<string, number>(() => undefined);
    taps.tap('one', async (value, context) => `${value}1:${context}`);
    taps.tap('two', async (value) => {
      await sleep(1);
      return `${value}2`;
    });
    expect(await taps.run('x', 7)).toBe('x1:72');
  });

  it('lets a tap go, which tapable itself cannot', async () => {
    const taps = new TapList<string, undefined>(() => undefined);
    const one = taps.tap('one', async (value) => `${value}1`);
    const two = taps.tap('two', async (value) => `${value}2`);
    one.dispose();
    expect(await taps.run('x', undefined)).toBe('x2');
    two.dispose();
    expect(await taps.run('x', undefined)).toBe('x');
    expect(taps.size).toBe(0);
  });

  it('passes over a tap that throws, and reports it', async () => {
    const reported: string[] = [];
    const taps = new TapList<string, undefined>((name) => reported.push(name));
    taps.tap('bad', async () => {
      throw new Error('no');
    });
    taps.tap('good', async (value) => `${value}!`);
    expect(await taps.run('x', undefined)).toBe('x!');
    expect(reported).toEqual(['bad']);
  });
});
