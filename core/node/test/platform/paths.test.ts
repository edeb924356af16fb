import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockInstance } from '../../src/platform/instance-lock.ts';
import { instancePaths } from '../../src/platform/paths.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.dispose());

describe('paths of an instance', () => {
  it('all lie in the folder that --data names, but shared memory', () => {
    const { region, telemetry, dist, extensions, isDefault, instance, ...rest } = instancePaths(
      '/opt/tutti',
      '/data/x',
    );
    expect(isDefault).toBe(false);
    expect(instance).toBe('/data/x');
    expect([dist, extensions]).toEqual(['/opt/tutti/dist', '/opt/tutti/extensions']);
    for (const path of Object.values(rest)) expect(path).toMatch(/^\/data\/x\//);
    expect(region).toMatch(new RegExp(`^/dev/shm/tutti-${process.getuid?.()}-[0-9a-f]{12}\\.device$`));
    expect(telemetry).toBe(region.replace('.device', '.telemetry'));
  });

  it('follow XDG for the user, and never lie in /tmp', () => {
    const env = { XDG_CONFIG_HOME: '/c', XDG_STATE_HOME: '/s', XDG_RUNTIME_DIR: '/r' };
    const paths = instancePaths('/opt/tutti', undefined, env);
    expect(paths.settings).toBe('/c/tutti/settings.json');
    expect(paths.state).toBe('/s/tutti/state.json');
    expect(paths.engineSocket).toBe('/r/tutti/engine.sock');
    for (const path of Object.values(instancePaths('/opt/tutti', undefined, {}))) {
      expect(String(path)).not.toMatch(/^\/tmp/);
    }
  });

  it('are refused when a socket path would be too long for the kernel', () => {
    expect(() => instancePaths('/opt/tutti', `/${'x'.repeat(100)}`)).toThrow('longer than 107 bytes');
  });
});

describe('the lock of an instance', () => {
  it('is held once, and free after it is released', async () => {
    const first = await lockInstance(folder.path);
    await expect(lockInstance(folder.path)).rejects.toMatchObject({ problem: { code: 'conflict' } });
    const other = await lockInstance(`${folder.path}/other`);
    first.dispose();
    other.dispose();
    (await lockInstance(folder.path)).dispose();
  });
});
