import { fail } from '@tutti/base';
import { expect, it, vi } from 'vitest';
import type { ShowLock } from '../../src/access/show-lock.ts';
import type { Log } from '../../src/platform/log.ts';
import { followDriver } from '../../src/streams/follow-driver.ts';
import type { Streams } from '../../src/streams/streams.ts';

const parts = (): { streams: Streams; lock: ShowLock; log: Log } => ({
  streams: { setDevice: vi.fn(() => Promise.resolve()) } as unknown as Streams,
  lock: { refuseIfLocked: vi.fn() } as unknown as ShowLock,
  log: { warn: vi.fn() } as unknown as Log,
});

it('gives the device the rate that a driver was set to', async () => {
  const { streams, lock, log } = parts();
  await followDriver(96000, streams, lock, log);
  expect(streams.setDevice).toHaveBeenCalledWith({ rate: 96000 });
  expect(log.warn).not.toHaveBeenCalled();
});

it('changes nothing while a show is locked, and says so in the log', async () => {
  const { streams, lock, log } = parts();
  vi.mocked(lock.refuseIfLocked).mockImplementation(() => {
    throw fail('locked', 'the show is locked');
  });
  await followDriver(96000, streams, lock, log);
  expect(streams.setDevice).not.toHaveBeenCalled();
  expect(log.warn).toHaveBeenCalledWith('device.refused', 'a HAL driver wants 96000 Hz: the show is locked');
});
