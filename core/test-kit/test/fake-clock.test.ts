import { createSocket } from 'node:dgram';
import { afterEach, describe, expect, it } from 'vitest';
import { FakeClock, LeakCheck } from '../src/index.ts';

describe('the fake clock', () => {
  let clock: FakeClock;
  afterEach(() => clock.dispose());

  it('runs timers in order and at their time, and those that they start', async () => {
    clock = FakeClock.install();
    const said: string[] = [];
    setTimeout(() => said.push(`late ${clock.now}`), 3_600_000);
    const ticking = setInterval(() => said.push(`tick ${clock.now}`), 1_000_000).unref();
    setTimeout(() => setTimeout(() => said.push(`inner ${performance.now()}`), 500), 1_500);
    const began = Date.now();
    await clock.advance(3_600_000);
    clearInterval(ticking);
    expect(said).toEqual(['inner 2000', 'tick 1000000', 'tick 2000000', 'tick 3000000', 'late 3600000']);
    expect(Date.now() - began).toBe(3_600_000);
    expect(clock.pending).toBe(0);
  });

  it('gives the real clock back', async () => {
    clock = FakeClock.install();
    clock.dispose();
    const before = performance.now();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(performance.now()).toBeGreaterThan(before);
  });
});

describe('the leak check', () => {
  it('is content when everything was closed', async () => {
    const leaks = LeakCheck.start();
    const timer = setInterval(() => undefined, 1_000);
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    socket.close();
    clearInterval(timer);
    await leaks.end();
  });

  it('names what is open and where it was opened, also when it is unref’d', async () => {
    const leaks = LeakCheck.start();
    const timer = setInterval(() => undefined, 1_000).unref();
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    const error = await leaks.end().catch(String);
    clearInterval(timer);
    socket.close();
    expect(error).toMatch(/timer opened .*fake-clock\.test\.ts/);
    expect(error).toMatch(/UDP socket opened .*fake-clock\.test\.ts/);
  });
});
