// What must be on the machine before anything can run: Debian packages, and the npm packages of package-lock.json.
// Plain Node, no npm package: this runs in a clean clone.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** Debian 12 packages by what needs them. */
export const debianPackages = {
  build: ['build-essential', 'libasound2-dev', 'libsamplerate0-dev'],
  check: ['clang-format-14', 'shellcheck'],
  // python3 reads macOS's property lists.
  unit: ['chromium', 'python3'],
  native: [
    ...['doctest-dev', 'libasound2-dev', 'libsamplerate0-dev', 'clang-14', 'libclang-rt-14-dev'],
    ...['alsa-utils', 'sox', 'libsox-fmt-alsa', 'ffmpeg'],
    ...['gstreamer1.0-tools', 'gstreamer1.0-plugins-base', 'gstreamer1.0-alsa', 'procps'],
    // What a Mac would load: the Core Audio driver and the engine's addon; and for its arm64.
    ...['clang-19', 'lld-19', 'llvm-19', 'g++-aarch64-linux-gnu', 'qemu-user'],
  ],
  bench: ['libbenchmark-dev', 'libsoxr-dev', 'iproute2', 'gstreamer1.0-tools', 'gstreamer1.0-plugins-good'],
  integration: [
    ...['alsa-utils', 'sox', 'libsox-fmt-alsa', 'ffmpeg'],
    ...['gstreamer1.0-tools', 'gstreamer1.0-plugins-base', 'gstreamer1.0-plugins-good'],
    ...[
      'gstreamer1.0-plugins-bad',
      'pipewire',
      'pipewire-bin',
      'libpipewire-0.3-modules',
      'libspa-0.2-modules',
    ],
    ...['tshark', 'chromium', 'iproute2', 'util-linux', 'linuxptp', 'nftables'],
    ...['avahi-daemon', 'avahi-utils', 'libavahi-compat-libdnssd1', 'dbus-daemon'],
    ...['python3-gi', 'gir1.2-gst-rtsp-server-1.0'],
    // The Core Audio driver as a Mac would load it.
    ...['clang-19', 'lld-19', 'llvm-19'],
  ],
  soak: ['iproute2', 'util-linux', 'linuxptp', 'nftables', 'stress-ng'],
};

/**
 * Installs what is missing: as root through apt-get; otherwise says exactly what to run and gives up.
 * @param {ReadonlyArray<keyof typeof debianPackages>} purposes
 */
export function ensureDebianPackages(purposes) {
  const wanted = [...new Set(purposes.flatMap((purpose) => debianPackages[purpose]))];
  const missing = wanted.filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  const install = ['install', '-y', '--no-install-recommends', ...missing];
  const line = `apt-get update && apt-get ${install.join(' ')}`;
  if (spawnSync('apt-get', ['--version']).error) {
    giveUp(`needs programs that Debian 12 has in these packages: ${missing.join(' ')}`);
  }
  if (process.getuid?.() !== 0) giveUp(`packages are missing; as root run\n\n    ${line}\n`);
  console.log(`missing packages; running ${line}`);
  for (const args of [['update', '-q'], install]) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const run = spawnSync('apt-get', args, { stdio: ['ignore', 'inherit', 'inherit'], env });
    if (run.status !== 0) giveUp(`apt-get ${args.join(' ')} failed; as root run\n\n    ${line}\n`);
  }
}

/** `npm ci`, unless node_modules is what package-lock.json says. */
export function ensureNodePackages() {
  if (nodePackagesMatch()) return;
  // To standard error: `npm start` keeps standard output for the one line "ready URL".
  console.error('running npm ci');
  const run = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: root, stdio: ['ignore', 2, 2] });
  if (run.status !== 0) giveUp('npm ci failed: is the registry reachable?');
}

function isInstalled(name) {
  const run = spawnSync('dpkg-query', ['-W', '-f', '${db:Status-Status}', name], { encoding: 'utf8' });
  return run.stdout === 'installed';
}

function nodePackagesMatch() {
  const installed = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(installed)) return false;
  const packages = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;
  const there = packages(installed);
  return Object.entries(packages(join(root, 'package-lock.json')))
    .filter(([path, entry]) => path.startsWith('node_modules/') && !entry.optional)
    .every(([path, entry]) => there[path]?.version === entry.version);
}

/** @returns {never} */
function giveUp(why) {
  console.error(why);
  process.exit(1);
}

/** Ends with a sentence if this Node is too old for the project. */
export function ensureNodeVersion() {
  const wanted = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).engines.node;
  const [major, minor] = /(\d+)\.(\d+)/.exec(wanted).slice(1).map(Number);
  const [haveMajor, haveMinor] = process.versions.node.split('.').map(Number);
  if (haveMajor < major || (haveMajor === major && haveMinor < minor)) {
    console.error(`Tutti needs Node ${wanted}; this is ${process.versions.node}.`);
    process.exit(1);
  }
}
