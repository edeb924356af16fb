// Looks at the driver's bundle as a Mac would get it: `node scripts/inspect-bundle.mjs Tutti.driver`.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contains, equal, summarize } from './doctest-summary.mjs';
import { exported, headers, llvm, symbols } from './mach-o.mjs';

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

summarize([
  ['it is a bundle for both architectures', () => equal(llvm('lipo', '-archs', binary), 'x86_64 arm64')],
  [
    'it exports the factory and nothing else',
    () => each((architecture) => equal(exported(binary, architecture).join(' '), '_TuttiDriverFactory')),
  ],
  [
    'it imports nothing but what is allowed',
    () =>
      each((architecture) =>
        equal(
          symbols(binary, architecture, '--format=just-symbols', '--undefined-only', '--extern-only')
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
          [...headers(binary, architecture).matchAll(/^\s+name (\/\S+)/gm)].map(([, name]) => name).join(' '),
          '/System/Library/Frameworks/CoreFoundation.framework/Versions/A/CoreFoundation /usr/lib/libSystem.B.dylib',
        ),
      ),
  ],
  [
    'it runs on macOS 13',
    () => each((architecture) => contains(headers(binary, architecture), /minos 13\.0/)),
  ],
  [
    'no code of it runs when it is loaded',
    () =>
      each((architecture) =>
        equal(String(/__mod_init_func|__init_offsets/.test(headers(binary, architecture))), 'false'),
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
]);

function each(check) {
  for (const architecture of architectures) check(architecture);
}
