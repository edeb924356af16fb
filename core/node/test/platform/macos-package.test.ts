import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engineArguments } from '../../src/engine/spawn-engine.ts';
import { instancePaths } from '../../src/platform/paths.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

// packaging/macos, as far as a machine that is no Mac can try it: its scripts are executed, on what was built here, with
// macOS's own programs replaced by ones that write down how they were called.

const repository = resolve(import.meta.dirname, '../../../..');
const packaging = join(repository, 'packaging/macos');
const service = 'dev.tutti.engine';
const installed = '/Library/Application Support/Tutti';
const driver = '/Library/Audio/Plug-Ins/HAL/Tutti.driver';
const jobs = ['dev.tutti.engine', 'dev.tutti.host'] as const;

type Plist = Readonly<Record<string, unknown>>;

/** By Python's own reader, which knows what a property list may hold. */
function readPlist<T = Plist>(file: string): T {
  const read = 'import json, plistlib, sys; print(json.dumps(plistlib.load(open(sys.argv[1], "rb"))))';
  return JSON.parse(execFileSync('python3', ['-c', read, file], { encoding: 'utf8' })) as T;
}

const jobPlist = (job: string): Plist => readPlist(join(packaging, `${job}.plist`));
const text = (file: string): string => readFileSync(join(repository, file), 'utf8');
const octalMode = (path: string): string => (statSync(path).mode & 0o777).toString(8);

describe('what is said of the package for macOS in several places', () => {
  const engine = jobPlist('dev.tutti.engine');
  const host = jobPlist('dev.tutti.host');

  it('is the same: Mach service, jobs, factory, versions', () => {
    const info = readPlist(join(repository, 'hal/coreaudio/Info.plist'));
    expect(info['AudioServerPlugIn_MachServices']).toEqual([service]);
    expect(engine['MachServices']).toEqual({ [service]: true });
    expect(text('hal/coreaudio/engine_link_xpc_macos.cpp')).toContain(`service_name[] = "${service}"`);
    expect([engine['Label'], host['Label']]).toEqual(jobs);
    expect(host['EnvironmentVariables']).toEqual({ TUTTI_ENGINE_JOB: `system/${service}` });
    expect(`${String(info['CFBundleExecutable'])}.driver`).toBe(basename(driver));
    const { version } = JSON.parse(text('package.json')) as { version: string };
    expect(info['CFBundleShortVersionString']).toBe(version);
    const [component] = readPlist<Plist[]>(join(packaging, 'components.plist'));
    expect(component).toMatchObject({
      RootRelativeBundlePath: driver.slice(1),
      BundleIsRelocatable: false,
      BundleIsVersionChecked: false,
    });
    for (const permission of Object.values(readPlist(join(packaging, 'node.entitlements'))))
      expect(permission).toBe(true);
  });

  it('is the same: launchd starts the engine as a host on a Mac would, for the instance that it serves', () => {
    const paths = pathsOnMac(`${installed}/program`, `${installed}/state`);
    const node = `${installed}/program/bin/node`;
    expect(engine['ProgramArguments']).toEqual([
      node,
      join(paths.dist, 'engine.js'),
      ...engineArguments(paths),
      '--device-link',
      service,
    ]);
    expect(Buffer.byteLength(paths.engineSocket)).toBeLessThanOrEqual(103); // sun_path of macOS
    expect(engine['StandardErrorPath']).toBe(paths.engineLog);
    expect(host['ProgramArguments']).toEqual([
      node,
      join(paths.dist, 'cli.js'),
      'serve',
      '--data',
      paths.instance,
      '--no-open',
    ]);
    for (const job of [engine, host]) {
      expect(job).toMatchObject({ RunAtLoad: true, KeepAlive: true, Umask: 0o77 });
    }
  });
});

function pathsOnMac(root: string, data: string): ReturnType<typeof instancePaths> {
  const { platform } = process;
  Object.defineProperty(process, 'platform', { value: 'darwin' });
  try {
    return instancePaths(root, data);
  } finally {
    Object.defineProperty(process, 'platform', { value: platform });
  }
}

describe('the package for macOS', () => {
  const folder = temporaryFolder();
  const calls = join(folder.path, 'calls');
  const programs = join(folder.path, 'bin');
  const checkout = join(folder.path, 'checkout');
  const output = join(checkout, 'build/macos');
  /** What the package installs, and from there on what is installed. */
  const root = join(output, 'root');
  const program = join(root, installed, 'program');

  /** Replaces a program by lines of sh; it writes down how it was called first. */
  function replace(name: string, body = ''): void {
    const file = join(programs, name);
    writeFileSync(file, `#!/bin/sh\nprintf '%s\\n' "${name} $*" >>"${calls}"\n${body}\n`);
    chmodSync(file, 0o755);
  }

  /** What every file needs. */
  function replaceOtool(library: string): void {
    replace('otool', `printf '%s:\\n\\t%s (compatibility version 1.0.0)\\n' "$2" ${library}`);
  }

  /** Runs a script; what it called is the result. */
  function run(script: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}) {
    writeFileSync(calls, '');
    const { status, stdout, stderr } = spawnSync('/bin/sh', [script, ...args], {
      encoding: 'utf8',
      env: { ...env, PATH: `${programs}:/usr/bin:/bin` },
    });
    const called = readFileSync(calls, 'utf8').replaceAll(`${folder.path}/`, '').trim().split('\n');
    return { status, stdout, stderr, called };
  }

  const filesIn = (path: string): string[] => readdirSync(join(root, path)).sort();

  beforeAll(() => {
    mkdirSync(programs);
    const silent =
      'npm codesign pkgbuild productbuild xcrun chown killall pkill system_profiler pkgutil sleep launchctl ' +
      'csrutil sysctl sw_vers log clang++';
    for (const name of silent.split(' ')) replace(name);
    replace('uname', 'echo Darwin');
    replace('id', 'echo 0');
    replace('lipo', 'echo arm64');
    replaceOtool('/usr/lib/libSystem.B.dylib');
    // What is built here stands for what a Mac builds.
    replace('node', `[ "$1" = scripts/build.mjs ] || exec "${process.execPath}" "$@"`);
    const extensions = readdirSync(join(repository, 'extensions')).map((name) => `extensions/${name}`);
    for (const path of [
      ...['packaging/macos', 'dist', 'package.json', 'LICENSE'],
      ...extensions.flatMap((extension) => [`${extension}/dist`, `${extension}/package.json`]),
    ])
      cpSync(join(repository, path), join(checkout, path), { recursive: true });
    const contents = join(checkout, 'dist/hal/Tutti.driver/Contents');
    mkdirSync(join(contents, 'MacOS'), { recursive: true });
    cpSync(join(repository, 'hal/coreaudio/Info.plist'), join(contents, 'Info.plist'));
    writeFileSync(join(contents, 'MacOS/Tutti'), 'for a Mac');
  });
  afterAll(() => folder.dispose());

  it('is not made of what other Macs lack', () => {
    replaceOtool('@rpath/libnode.115.dylib');
    const { status, stderr, called } = run(join(checkout, 'packaging/macos/build'));
    replaceOtool('/usr/lib/libSystem.B.dylib');
    expect(status).toBe(1);
    expect(stderr).toContain('program/bin/node needs @rpath/libnode.115.dylib');
    expect(called.join('\n')).not.toContain('pkgbuild');
  });

  it('has in it what its jobs and its command start, signed from the inside out', () => {
    const { status, stdout, stderr, called } = run(join(checkout, 'packaging/macos/build'), [], {
      TUTTI_SIGN_APPLICATION: 'Developer ID Application: X',
      TUTTI_SIGN_INSTALLER: 'Developer ID Installer: X',
      TUTTI_NOTARY_PROFILE: 'tutti',
    });
    expect([status, stderr]).toEqual([0, '']);
    const file = 'build/macos/Tutti-0.1.0-arm64.pkg';
    expect(stdout).toBe(`${file}\n`);

    for (const job of jobs) {
      expect(readFileSync(join(root, `Library/LaunchDaemons/${job}.plist`), 'utf8')).toBe(
        text(`packaging/macos/${job}.plist`),
      );
      const [node, script] = jobPlist(job)['ProgramArguments'] as [string, string];
      for (const path of [node, script]) expect(existsSync(join(root, path)), path).toBe(true);
    }
    expect(filesIn(`${installed}/program`)).toEqual(
      ['LICENSE', 'bin', 'dist', 'extensions', 'package.json', 'restart-coreaudio', 'uninstall'].sort(),
    );
    expect(filesIn(`${installed}/program/dist`)).toEqual(
      readdirSync(join(repository, 'dist'))
        .filter((name) => name !== 'hal')
        .sort(),
    );
    expect(filesIn(`${installed}/program/extensions`)).toEqual(
      readdirSync(join(repository, 'extensions')).sort(),
    );
    expect(filesIn('Library/Audio/Plug-Ins/HAL')).toEqual(['Tutti.driver']);
    // It needs nothing of the checkout that it was built in.
    const help = spawnSync(join(program, 'bin/node'), [join(program, 'dist/cli.js'), '--help'], {
      cwd: '/',
      encoding: 'utf8',
    });
    expect(help.stdout).toContain('Usage: tutti');
    const command = readFileSync(join(program, 'bin/tutti'), 'utf8');
    expect(command).toContain(`support="${installed}"`);

    const signed = called.filter((call) => call.startsWith('codesign'));
    const hard = 'codesign --force --options runtime --timestamp --sign Developer ID Application: X';
    for (const call of signed) expect(call).toContain(hard);
    expect(signed.filter((call) => call.endsWith('.node'))).toHaveLength(2);
    expect(signed.at(-2)).toMatch(/--entitlements packaging\/macos\/node\.entitlements .*\/bin\/node$/);
    expect(signed.at(-1)).toMatch(/Tutti\.driver$/);
    const [component, product, ...notary] = called.slice(-4);
    expect(component).toMatch(/^pkgbuild .*--component-plist packaging\/macos\/components\.plist/);
    expect(component).toMatch(/--identifier dev\.tutti\.pkg .*--scripts packaging\/macos\/scripts/);
    expect(product).toBe(
      'productbuild --distribution build/macos/distribution.xml --package-path build/macos' +
        ` --sign Developer ID Installer: X ${file}`,
    );
    expect(notary).toEqual([
      `xcrun notarytool submit ${file} --keychain-profile tutti --wait`,
      `xcrun stapler staple ${file}`,
    ]);
    const read =
      'import sys, xml.etree.ElementTree as e; r = e.parse(sys.argv[1]).getroot();' +
      'print([r.tag, r.find("options").get("hostArchitectures"), r.find("choice/pkg-ref").get("id"),' +
      'r.find("pkg-ref").attrib["version"], r.find("pkg-ref").text, r.find("choices-outline/line").get("choice") == r.find("choice").get("id")])';
    expect(
      execFileSync('python3', ['-c', read, join(output, 'distribution.xml')], { encoding: 'utf8' }).trim(),
    ).toBe("['installer-gui-script', 'arm64', 'dev.tutti.pkg', '0.1.0', 'tutti.pkg', True]");
  });

  it("owns no folder that may be somebody else's, and is readable however closed it was built", () => {
    const closed = join(folder.path, 'closed');
    const layOut = `chmod -R go= . && umask 077 && sh packaging/macos/lay-out '${closed}'`;
    expect(spawnSync('/bin/sh', ['-c', layOut], { cwd: checkout }).status).toBe(0);
    // /usr/local/bin is an administrator's where Homebrew is, and the package would make it root's.
    expect(readdirSync(closed)).toEqual(['Library']);
    const laidOut = readdirSync(closed, { recursive: true, withFileTypes: true });
    const modes = (entries: typeof laidOut): string[] => [
      ...new Set(entries.map(({ parentPath, name }) => octalMode(join(parentPath, name)))),
    ];
    expect(modes(laidOut.filter((entry) => entry.isDirectory()))).toEqual(['755']);
    expect(modes(laidOut.filter((entry) => entry.isFile())).sort()).toEqual(['644', '755']);
    for (const name of ['node', 'tutti'])
      expect(octalMode(join(closed, installed, 'program/bin', name))).toBe('755');
  });

  it('takes the place of an older one: what that had is gone, its state is not', () => {
    const old = join(program, 'extensions/gone/package.json');
    const state = join(root, installed, 'state/settings.json');
    for (const path of [old, state]) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, '{}');
    }
    replace('launchctl', `[ "$1" != print ] || [ "$(grep -c 'launchctl print' "${calls}")" -lt 3 ]`);
    const { status, called } = run(join(packaging, 'scripts/preinstall'), ['package', root, root, '/']);
    expect(status).toBe(0);
    expect(called.slice(0, 2)).toEqual([
      'launchctl bootout system/dev.tutti.host',
      'launchctl bootout system/dev.tutti.engine',
    ]);
    expect(called.filter((call) => call.startsWith('launchctl print'))).toHaveLength(4); // twice it is still there; then the other one
    expect(called.filter((call) => call === 'sleep 1')).toHaveLength(2);
    expect([existsSync(program), existsSync(join(root, driver)), existsSync(state)]).toEqual([
      false,
      false,
      true,
    ]);
    expect(
      spawnSync('/bin/sh', [join(checkout, 'packaging/macos/lay-out'), root], { cwd: checkout }).status,
    ).toBe(0);
  });

  it('is owned by root, closed to others, and runs when it is installed', () => {
    // launchd is busy with the engine's old job at first.
    replace('launchctl', `[ "$(grep -c 'launchctl bootstrap' "${calls}")" -ge 3 ]`);
    // Homebrew's, with a command from a package that had one in it.
    const commands = join(root, 'usr/local/bin');
    mkdirSync(commands, { recursive: true });
    chmodSync(commands, 0o775);
    writeFileSync(join(commands, 'tutti'), '#!/bin/sh\n');
    const { status, called } = run(join(packaging, 'scripts/postinstall'), ['package', root, root, '/']);
    expect(status).toBe(0);
    expect(readlinkSync(join(commands, 'tutti'))).toBe(`${installed}/program/bin/tutti`);
    expect(octalMode(commands)).toBe('775');
    expect(called[0]).toMatch(
      /^chown -R root:wheel .*Tutti\.driver .*\/program .*engine\.plist .*host\.plist$/,
    );
    expect(called[1]).toMatch(/^chown root:wheel .*\/state$/);
    expect(called.filter((call) => call.startsWith('launchctl')).map((call) => basename(call))).toEqual([
      'dev.tutti.engine.plist',
      'dev.tutti.engine.plist',
      'dev.tutti.engine.plist',
      'dev.tutti.host.plist',
    ]);
    expect(called).toContain('killall coreaudiod');
    expect(called.join('\n')).not.toContain('kickstart'); // refused for coreaudiod since macOS 14.4
  });

  it('can be removed, with its state or without', () => {
    const script = join(program, 'uninstall');
    const { status, stdout, called } = run(script);
    expect(status).toBe(0);
    expect(stdout).toContain('its state is kept');
    expect(called).toContain('killall coreaudiod');
    expect(called.at(-1)).toBe('pkgutil --forget dev.tutti.pkg');
    expect(filesIn(installed)).toEqual(['state']);
    for (const path of ['Library/LaunchDaemons', 'Library/Audio/Plug-Ins/HAL', 'usr/local/bin'])
      expect(filesIn(path)).toEqual([]);

    cpSync(join(packaging, 'uninstall'), script);
    expect(run(script, ['--all']).status).toBe(2);
    expect(filesIn(installed)).toEqual(['program', 'state']);
    writeFileSync(join(root, 'usr/local/bin/tutti'), 'of another program');
    expect(run(script, ['--purge']).status).toBe(0);
    expect(filesIn('usr/local/bin')).toEqual(['tutti']);
    expect(existsSync(join(root, installed))).toBe(false);
  });

  // Where Tutti is not installed, and Core Audio's client is a script.
  it.skipIf(process.platform === 'darwin')('has an acceptance test that reports every step', () => {
    const client = `case $1 in
      status) echo '{"engine":"connected"}' ;;
      rate) cat '${folder.path}/rate' ;;
      set-rate) echo $2 >'${folder.path}/rate' ;;
    esac`;
    writeFileSync(join(folder.path, 'client'), `#!/bin/sh\n${client}\n`, { mode: 0o755 });
    replace('clang', `for last; do :; done; [ $# = 1 ] || cp '${folder.path}/client' "$last"`);
    replace('launchctl');
    replace('pgrep', `wc -l <'${calls}'`); // another one each time
    const { status, stdout, called } = run(join(packaging, 'acceptance-test'));
    const steps = [...stdout.matchAll(/^(ok|FAILED) +(.*)$/gm)].map(([, result, step]) => ({ result, step }));
    expect(steps.filter(({ result }) => result === 'FAILED').map(({ step }) => step)).toEqual([
      "the driver is in place, root's",
      'the host answers',
      'coreaudiod restarted, the device is back',
      'its clock',
    ]);
    expect(steps).toHaveLength(text('packaging/macos/acceptance-test').match(/^step "/gm)?.length ?? 0);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe(`${steps.length - 4} ok, 4 failed`);
    expect(status).toBe(1);
    expect(called.filter((call) => call.startsWith('pkill'))).toEqual([
      `pkill -9 -f ${installed}/program/dist/engine.js`,
    ]);
  });
});
