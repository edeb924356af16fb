// Looks at addons and at extensions' libraries as a Mac would load them:
// `node scripts/inspect-addon.mjs build/darwin/ARCHITECTURE/engine.node build/darwin/ARCHITECTURE/aes67.dylib...`.
import { basename, dirname, extname } from 'node:path';
import { contains, equal, summarize } from './doctest-summary.mjs';
import { exported, headers, symbols } from './mach-o.mjs';

/** What is not in libSystem, and who brings it: Node, libsamplerate, the C++ library, the compiler's own. */
const others = [
  /^_napi_/,
  /^_uv_/,
  /^_src_(new|delete|process|reset|set_ratio)$/,
  /^__Z/,
  /^___cxa_/,
  /^___gxx_personality_v0$/,
  /^___cpu_(model|indicator_init)$/,
];

/**
 * What each takes that makes it a Mac's: arrival times, the audio thread's policy and waiting, the drivers' region; the
 * system's own responder; a clock's arrival times, waiting, interfaces and wall time.
 */
const telling = {
  engine: ['recvmsg', 'setsockopt', 'thread_policy_set', 'mach_wait_until', 'kevent', 'xpc_shmem_create'],
  dns_sd: ['dlsym', 'if_nametoindex'],
  aes67: ['recvmsg', 'setsockopt', 'mach_timebase_info', 'poll', 'getifaddrs', 'ntp_adjtime', 'ntp_gettime'],
  'dante-compat': ['recvmsg', 'setsockopt', 'mach_timebase_info', 'poll', 'getifaddrs', 'ntp_gettime'],
  dop: [],
};

/** Who loads it, and by what it is found. */
const kinds = {
  '.node': ["is one of Node's", /_napi_register_module_v\d/],
  '.dylib': ["is one of the engine's", /_tutti_plugin_entry/],
};

summarize(
  process.argv.slice(2).flatMap((file) => {
    const architecture = basename(dirname(file));
    const addon = basename(file, extname(file));
    const [kind, entry] = kinds[extname(file)];
    const imports = symbols(file, architecture, '--format=darwin', '--undefined-only', '--extern-only').map(
      (line) => /external (\S+) \((.*)\)$/.exec(line)?.slice(1) ?? [line, ''],
    );
    return [
      [
        `${basename(file)} for ${architecture} takes from a Mac what libSystem has, and from others what is allowed`,
        () => {
          const unexpected = imports.filter(
            ([name, from]) => from !== 'from libSystem' && !others.some((pattern) => pattern.test(name)),
          );
          equal(unexpected.join(' '), '');
          for (const name of telling[addon])
            contains(imports.join('\n'), new RegExp(`^_${name},from libSystem$`, 'm'));
        },
      ],
      [
        `${basename(file)} for ${architecture} ${kind}, runs on macOS 13, and links libSystem only`,
        () => {
          contains(exported(file, architecture).join(' '), entry);
          const commands = headers(file, architecture);
          contains(commands, /minos 13\.0/);
          equal(
            [...commands.matchAll(/^\s+name (\/\S+)/gm)].map(([, name]) => name).join(' '),
            '/usr/lib/libSystem.B.dylib',
          );
        },
      ],
    ];
  }),
);
