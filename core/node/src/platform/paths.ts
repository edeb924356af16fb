import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { createToken, fail } from '@tutti/base';

/** Where an instance keeps its things. Every path is absolute. */
export interface Paths {
  /** `dist/` of the installation. */
  readonly dist: string;
  /** Built-in extensions. */
  readonly extensions: string;
  /** Extensions that somebody installed; made when the first one is. */
  readonly installedExtensions: string;
  /** What extensions keep, a file for each. */
  readonly extensionStorage: string;
  /** There while a host starts: found at a start, the one before did not get through. */
  readonly startMarker: string;
  /** What tells this instance from others: the data directory. */
  readonly instance: string;
  /** Whether these are the user's own directories, not `--data DIR`. */
  readonly isDefault: boolean;
  readonly settings: string;
  readonly state: string;
  readonly sessions: string;
  /** Secret of the host API, mode 0600. */
  readonly token: string;
  /** Hashes of the passwords, mode 0600. */
  readonly passwords: string;
  /** Users and passwords of receivers' URLs, mode 0600. */
  readonly credentials: string;
  /** The instance's own certificate and its key (mode 0600), PEM. */
  readonly certificate: string;
  readonly certificateKey: string;
  /** Address and pid of the running host, for the command line. */
  readonly hostInfo: string;
  readonly hostLog: string;
  readonly engineLog: string;
  /** What an engine leaves that died in a plug-in's code. */
  readonly engineCrash: string;
  readonly engineSocket: string;
  /** Socket at which HAL drivers ask the engine for the device; absent on macOS, where launchd hands out a Mach service. */
  readonly deviceLink?: string;
  /** Device region file that HAL drivers map. */
  readonly region: string;
  readonly telemetry: string;
}

export const PathsToken = createToken<Paths>('Paths');

/** Bytes of a Unix socket path without its NUL: sun_path is 108 on Linux, 104 on macOS. */
const maxSocketPath = process.platform === 'darwin' ? 103 : 107;

/** Names the paths of an instance without touching the disk. @throws TuttiError `limit` if a path is too long. */
export function instancePaths(root: string, data: string | undefined, env = process.env): Paths {
  const folders = data === undefined ? userFolders(env) : sameFolder(resolve(data));
  const socket = join(folders.runtime, 'engine.sock');
  if (Buffer.byteLength(socket) > maxSocketPath) {
    throw fail('limit', `the socket path ${socket} is longer than ${maxSocketPath} bytes`, {
      field: 'data',
      fix: 'choose a data directory with a shorter path',
    });
  }
  const shared = sharedMemoryPrefix(folders);
  return {
    dist: join(root, 'dist'),
    extensions: join(root, 'extensions'),
    installedExtensions: join(folders.state, 'extensions'),
    extensionStorage: join(folders.state, 'extension-storage'),
    startMarker: join(folders.state, 'starting'),
    instance: folders.state,
    isDefault: data === undefined,
    settings: join(folders.config, 'settings.json'),
    state: join(folders.state, 'state.json'),
    sessions: join(folders.state, 'sessions.json'),
    token: join(folders.state, 'token'),
    passwords: join(folders.state, 'passwords.json'),
    credentials: join(folders.state, 'credentials.json'),
    certificate: join(folders.state, 'tls.crt'),
    certificateKey: join(folders.state, 'tls.key'),
    hostInfo: join(folders.runtime, 'host.json'),
    hostLog: join(folders.state, 'host.log'),
    engineLog: join(folders.state, 'engine.log'),
    engineCrash: join(folders.state, 'engine.crash'),
    engineSocket: socket,
    ...(process.platform !== 'darwin' && { deviceLink: join(folders.runtime, 'device.sock') }),
    region: `${shared}.device`,
    telemetry: `${shared}.telemetry`,
  };
}

/** Makes the directories, for the owner only. @throws TuttiError `permission` if that is refused. */
export function createFolders(paths: Paths): void {
  for (const file of [paths.settings, paths.state, paths.hostInfo]) {
    const folder = join(file, '..');
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      if (!paths.isDefault || folder !== homedir()) chmodSync(folder, 0o700);
    } catch (error) {
      throw fail('permission', `cannot make the directory ${folder}: ${String(error)}`, { field: 'data' });
    }
  }
}

interface Folders {
  readonly config: string;
  readonly state: string;
  readonly runtime: string;
}

const sameFolder = (folder: string): Folders => ({ config: folder, state: folder, runtime: folder });

/** XDG base directories on Linux, Application Support on macOS. Never a world-writable place. */
function userFolders(env: NodeJS.ProcessEnv): Folders {
  if (process.platform === 'darwin') {
    return sameFolder(join(homedir(), 'Library', 'Application Support', 'Tutti'));
  }
  const xdg = (name: string, otherwise: string): string => {
    const value = env[name];
    return join(value?.startsWith('/') ? value : join(homedir(), otherwise), 'tutti');
  };
  const state = xdg('XDG_STATE_HOME', '.local/state');
  return {
    config: xdg('XDG_CONFIG_HOME', '.config'),
    state,
    runtime: env['XDG_RUNTIME_DIR']?.startsWith('/')
      ? join(env['XDG_RUNTIME_DIR'], 'tutti')
      : join(state, 'run'),
  };
}

/** Shared memory lies outside the data directory, so its name carries user and instance. */
function sharedMemoryPrefix(folders: Folders): string {
  if (process.platform === 'darwin') return join(folders.runtime, 'tutti');
  const instance = createHash('sha256').update(folders.state).digest('hex').slice(0, 12);
  return `/dev/shm/tutti-${process.getuid?.() ?? 0}-${instance}`;
}
