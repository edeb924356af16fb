import { createHash } from 'node:crypto';
import { closeSync, constants, openSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fail, toDisposable, type Disposable } from '@tutti/base';

/** Not in Node's typings: open and lock in one step (macOS, open(2)). */
const O_EXLOCK = 0x20;

/**
 * Makes sure that one host at most runs on an instance. The lock is the kernel's and vanishes with the process, so that
 * nothing stale is left after a kill: an abstract Unix socket on Linux, an exclusive file lock on macOS.
 *
 * @throws TuttiError `conflict` if another host has it.
 */
export async function lockInstance(instance: string): Promise<Disposable> {
  const taken = fail('conflict', `another host is running on ${instance}`, {
    fix: 'stop it with "tutti stop", or choose another directory with --data',
  });
  if (process.platform === 'darwin') {
    try {
      const flags = constants.O_RDWR | constants.O_CREAT | constants.O_NONBLOCK | O_EXLOCK;
      const file = openSync(join(instance, 'host.lock'), flags, 0o600);
      return toDisposable(() => closeSync(file));
    } catch {
      throw taken;
    }
  }
  const name = createHash('sha256')
    .update(`${process.getuid?.() ?? 0}:${instance}`)
    .digest('hex')
    .slice(0, 32);
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', () => reject(taken));
    server.listen(`\0tutti-${name}`, resolve);
  });
  return toDisposable(() => server.close());
}
