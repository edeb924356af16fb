// Looks at `make -C hal/coreaudio abi-layout SDKROOT=...`, with which abi_layout.cpp is compiled against the headers of a
// real SDK: with a folder that is laid out like one and has our own headers in it, right ones and wrong ones.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { contains, equal, summarize } from './doctest-summary.mjs';

const root = resolve(import.meta.dirname, '..');
const libc = join(root, 'build/darwin/sdk');
const sdk = join(root, 'build/darwin/layout-sdk');
const header = (framework, name) =>
  join(sdk, `System/Library/Frameworks/${framework}.framework/Headers/${name}.h`);
const headers = {
  CoreAudio: header('CoreAudio', 'AudioServerPlugIn'),
  CoreFoundation: header('CoreFoundation', 'CoreFoundation'),
};

/** How an SDK could differ from what the driver is written against, each in one line of a header. */
const differences = [
  ['the value of a constant', 'CoreAudio', "ZeroTimeStampPeriod = 'ring'", "ZeroTimeStampPeriod = 'rinh'"],
  ['the order of fields', 'CoreAudio', 'UInt32 mBytesPerFrame;', 'UInt32 mReserved0; UInt32 mBytesPerFrame;'],
  ['the size of a type', 'CoreFoundation', 'typedef long CFIndex;', 'typedef int CFIndex;'],
  ['a table of functions', 'CoreAudio', '(*StartIO)', '(*StartEarlier)(void); OSStatus (*StartIO)'],
];

summarize([
  [
    'the layout is asserted of the headers of the SDK that SDKROOT names, for both architectures',
    () => {
      layOut();
      const { status, stderr } = abiLayout('ABI_LAYOUT_FLAGS=-H');
      if (status !== 0) throw new Error(stderr);
      for (const file of Object.values(headers)) equal(stderr.split(`. ${file}`).length - 1, 2);
      equal(String(stderr.includes(join(root, 'hal/coreaudio/abi'))), 'false');
    },
  ],
  ...differences.map(([what, framework, before, after]) => [
    `an SDK that differs in ${what} stops the build`,
    () => {
      layOut();
      const text = readFileSync(headers[framework], 'utf8');
      if (!text.includes(before)) throw new Error(`'${before}' is not in the header`);
      writeFileSync(headers[framework], text.replace(before, after));
      const { status, stderr } = abiLayout();
      contains(stderr, /abi_layout\.cpp.*static.assert/);
      equal(status, 2);
    },
  ]),
  [
    'the tests of the driver begin with it when SDKROOT is set',
    () => contains(make('-n', 'test-build', `SDKROOT=${sdk}`).stdout, /-isysroot \S*\/layout-sdk /),
  ],
  [
    'an SDKROOT without an SDK is refused',
    () => contains(make('abi-layout', 'SDKROOT=/nowhere').stderr, /'\/nowhere' is no SDK/),
  ],
]);

/** Frameworks with our own headers, and the libc that the cross-build has. */
function layOut() {
  rmSync(sdk, { recursive: true, force: true });
  for (const [framework, file] of Object.entries(headers)) {
    mkdirSync(resolve(file, '..'), { recursive: true });
    cpSync(join(root, 'hal/coreaudio/abi', framework, file.slice(file.lastIndexOf('/') + 1)), file);
  }
  symlinkSync(join(libc, 'usr'), join(sdk, 'usr'));
  cpSync(join(libc, 'SDKSettings.json'), join(sdk, 'SDKSettings.json'));
}

function abiLayout(...variables) {
  return make('abi-layout', `SDKROOT=${sdk}`, ...variables);
}

function make(...args) {
  return spawnSync('make', ['-C', join(root, 'hal/coreaudio'), '--no-print-directory', '-s', ...args], {
    encoding: 'utf8',
  });
}
