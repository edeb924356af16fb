import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FilePasswords, type Passwords } from '../../src/access/passwords.ts';
import { MemorySignIns } from '../../src/access/sign-ins.ts';
import { createSilentLog } from '../../src/platform/log.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const log = createSilentLog();
const folder = temporaryFolder();
const path = join(folder.path, 'passwords.json');
let passwords: FilePasswords;

beforeEach(() => {
  writeFileSync(path, '{"version":1,"passwords":{}}');
  passwords = new FilePasswords(path, log);
});
afterEach(() => passwords.dispose());

const invalid = { problem: expect.objectContaining({ code: 'invalid', field: 'password' }) as object };

describe('passwords', () => {
  it('tell the roles apart, after a restart too', async () => {
    await passwords.set('admin', 'correct horse');
    await passwords.set('viewer', 'battery staple');
    const again = new FilePasswords(path, log);
    expect(await again.roleOf('correct horse')).toBe('admin');
    expect(await again.roleOf('battery staple')).toBe('viewer');
    expect(await again.roleOf('battery staples')).toBeUndefined();
    expect(await again.roleOf('')).toBeUndefined();
    again.dispose();
  });

  it('are kept as hashes, in a file for the owner alone', async () => {
    await passwords.set('admin', 'correct horse');
    expect(readFileSync(path, 'utf8')).not.toContain('correct');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('that are too short, too long or the other role’s are refused, and nothing changes', async () => {
    await passwords.set('viewer', 'battery staple');
    await expect(passwords.set('admin', 'short')).rejects.toMatchObject(invalid);
    await expect(passwords.set('admin', 'x'.repeat(257))).rejects.toMatchObject(invalid);
    await expect(passwords.set('admin', 'battery staple')).rejects.toMatchObject(invalid);
    expect(passwords.has('admin')).toBe(false);
  });

  it('that were taken away are valid no more, and leave nothing behind', async () => {
    await passwords.set('admin', 'correct horse');
    await passwords.remove('admin');
    expect(await passwords.roleOf('correct horse')).toBeUndefined();
    expect(new FilePasswords(path, log).has('admin')).toBe(false);
  });

  it.each(['', '{', '[]', '{"version":2,"passwords":{}}', '{"version":1,"passwords":{"root":{}}}'])(
    'of a damaged file are none: %s',
    (text) => {
      writeFileSync(path, text);
      const damaged = new FilePasswords(path, log);
      expect(damaged.has('admin')).toBe(false);
      expect(readFileSync(`${path}.damaged`, 'utf8')).toBe(text);
      damaged.dispose();
    },
  );
});

describe('signing in', () => {
  let now: number;
  let signIns: MemorySignIns;
  beforeEach(async () => {
    now = 0;
    signIns = new MemorySignIns(passwords, log, () => now);
    await passwords.set('viewer', 'battery staple');
  });
  afterEach(() => signIns.dispose());

  it('gives a secret that is good until it is not used for a day, or signed out', async () => {
    const { secret, role } = await signIns.signIn('battery staple', '10.0.0.1');
    expect(role).toBe('viewer');
    now += 23 * 3600 * 1000;
    expect(signIns.roleOf(secret)).toBe('viewer');
    now += 23 * 3600 * 1000;
    expect(signIns.roleOf(secret)).toBe('viewer');
    now += 25 * 3600 * 1000;
    expect(signIns.roleOf(secret)).toBeUndefined();
    const second = await signIns.signIn('battery staple', '10.0.0.1');
    signIns.signOut(second.secret);
    expect(signIns.roleOf(second.secret)).toBeUndefined();
    expect(signIns.roleOf('guessed')).toBeUndefined();
  });

  it('ends with a new password', async () => {
    const { secret } = await signIns.signIn('battery staple', '10.0.0.1');
    await passwords.set('viewer', 'another staple');
    expect(signIns.roleOf(secret)).toBeUndefined();
  });

  it('makes who guesses wait longer and longer, and nobody else', async () => {
    const permission = { problem: expect.objectContaining({ code: 'permission' }) as object };
    const limit = { problem: expect.objectContaining({ code: 'limit' }) as object };
    for (let i = 0; i < 5; ++i)
      await expect(signIns.signIn('guess', '10.0.0.1')).rejects.toMatchObject(permission);
    await expect(signIns.signIn('battery staple', '10.0.0.1')).rejects.toMatchObject(limit);
    await expect(signIns.signIn('battery staple', '10.0.0.2')).resolves.toMatchObject({ role: 'viewer' });
    now += 1001;
    await expect(signIns.signIn('guess', '10.0.0.1')).rejects.toMatchObject(permission);
    now += 1001;
    await expect(signIns.signIn('battery staple', '10.0.0.1')).rejects.toMatchObject(limit);
    now += 60_000;
    await expect(signIns.signIn('battery staple', '10.0.0.1')).resolves.toMatchObject({ role: 'viewer' });
  });

  it('counts every one of the guesses that are made at once', async () => {
    let tried = 0;
    const counting: Passwords = {
      has: () => true,
      set: () => Promise.resolve(),
      remove: () => Promise.resolve(),
      onDidChange: passwords.onDidChange,
      roleOf: () => Promise.resolve(void (tried += 1)),
    };
    const strict = new MemorySignIns(counting, log, () => now);
    const guesses = Array.from({ length: 20 }, () => strict.signIn('guess', '10.0.0.1'));
    const answers = await Promise.allSettled(guesses);
    expect(answers.every(({ status }) => status === 'rejected')).toBe(true);
    expect(tried).toBe(5);
    strict.dispose();
  });

  it('refuses at once what comes from more addresses than can be looked at', async () => {
    const guesses = Array.from({ length: 40 }, (_, i) => signIns.signIn('guess', `10.0.1.${i}`));
    const answers = await Promise.allSettled(guesses);
    const limited = answers.filter(
      (each) => each.status === 'rejected' && /being tried/.test(String(each.reason)),
    );
    expect(limited).toHaveLength(24);
    await passwords.set('admin', 'correct horse');
  });
});
