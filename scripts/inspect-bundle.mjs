// Looks at the driver's bundle as a Mac would get it: `node scripts/inspect-bundle.mjs Tutti.driver`. Prints a summary in
// doctest's words, so that its checks count as tests.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const bundle = process.argv[2];
const binary = join(bundle, 'Contents/MacOS/Tutti');
const plist = readFileSync(join(bundle, 'Contents/Info.plist'), 'utf8');
const architectures = ['x86_64', 'arm64'];

/** All that the driver may take from a Mac: nothing that locks, waits or does input and output but the link's own. */
const allowed = new Set(
  `CFGetTypeID CFRelease CFStringCreateWithBytes CFStringGetCString CFStringGetTypeID CFUUIDGetUUIDBytes
   _NSConcreteStackBlock _xpc_type_dictionary _xpc_type_shmem
   dispatch_after_f dispatch_async_f dispatch_queue_create dispatch_sync_f dispatch_time
   xpc_connection_cancel xpc_connection_create_mach_service xpc_connection_get_euid xpc_connection_resume
   xpc_connection_send_message xpc_connection_set_event_handler xpc_dictionary_create xpc_dictionary_get_data
   xpc_dictionary_get_value xpc_dictionary_set_data xpc_get_type xpc_release xpc_shmem_map
   __bzero bzero __stack_chk_fail __stack_chk_guard free malloc geteuid getpid llround mach_absolute_time
   mach_timebase_info memcmp memcpy memset munmap pthread_mutex_lock pthread_mutex_unlock strchr strlen strncmp strcmp`
    .split(/\s+/)
    .map((name) => `_${name}`)
    .concat('dyld_stub_binder'),
);

const checks = [
  ['it is a bundle for both architectures', () => equal(llvm('lipo', '-archs', binary), 'x86_64 arm64')],
  [
    'it exports the factory and nothing else',
    () =>
      each((architecture) =>
        equal(names('--defined-only', '--extern-only', architecture), '_TuttiDriverFactory'),
      ),
  ],
  [
    'it imports nothing but what is allowed',
    () =>
      each((architecture) =>
        equal(
          names('--undefined-only', '--extern-only', architecture)
            .split(' ')
            .filter((name) => !allowed.has(name))
            .join(' '),
          '',
        ),
      ),
  ],
  [
    'it links Core Foundation and libSystem only',
    () =>
      each((architecture) =>
        equal(
          [...headers(architecture).matchAll(/^\s+name (\/\S+)/gm)].map(([, name]) => name).join(' '),
          '/System/Library/Frameworks/CoreFoundation.framework/Versions/A/CoreFoundation /usr/lib/libSystem.B.dylib',
        ),
      ),
  ],
  ['it runs on macOS 13', () => each((architecture) => contains(headers(architecture), /minos 13\.0/))],
  [
    'no code of it runs when it is loaded',
    () =>
      each((architecture) =>
        equal(String(/__mod_init_func|__init_offsets/.test(headers(architecture))), 'false'),
      ),
  ],
  [
    'Info.plist names the factory that is exported, its type, and the Mach service',
    () => {
      const factory = /<key>([0-9A-F-]{36})<\/key>\s*<string>TuttiDriverFactory<\/string>/.exec(plist)?.[1];
      contains(
        plist,
        new RegExp(`443ABAB8-E7B3-491A-B985-BEB9187030DB</key>\\s*<array>\\s*<string>${factory}<`),
      );
      contains(plist, /AudioServerPlugIn_MachServices<\/key>\s*<array>\s*<string>dev\.tutti\.engine</);
      contains(plist, /<key>LSMinimumSystemVersion<\/key>\s*<string>13\.0</);
      contains(plist, /<key>CFBundleExecutable<\/key>\s*<string>Tutti</);
    },
  ],
];

let failed = 0;
for (const [name, check] of checks) {
  try {
    check();
  } catch (error) {
    failed += 1;
    console.log(`TEST CASE: ${name}\nERROR: ${error.message}`);
  }
}
console.log(
  `[doctest] test cases: ${checks.length} | ${checks.length - failed} passed | ${failed} failed | 0 skipped`,
);
process.exitCode = failed === 0 ? 0 : 1;

function llvm(tool, ...args) {
  const run = spawnSync(`/usr/lib/llvm-14/bin/llvm-${tool}`, args, { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`llvm-${tool}: ${run.error?.message ?? run.stderr}`);
  return run.stdout.trim();
}

function names(...options) {
  const architecture = options.pop();
  return llvm('nm', '--format=just-symbols', ...options, `--arch=${architecture}`, binary)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.endsWith(':'))
    .sort()
    .join(' ');
}

function headers(architecture) {
  return llvm('objdump', '--macho', '--private-headers', `--arch=${architecture}`, binary);
}

function each(check) {
  for (const architecture of architectures) check(architecture);
}

function equal(value, expected) {
  if (value !== expected) throw new Error(`'${value}', not '${expected}'`);
}

function contains(text, pattern) {
  if (!pattern.test(text)) throw new Error(`${pattern} is not in it`);
}
