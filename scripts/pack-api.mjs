// `npm run pack:api`: the two packages for authors of extensions, as tarballs in dist/packages: @tutti/api (types, manifest
// schema, C headers) and @tutti/test (the test kit with a host to test in). Neither depends on a package of ours that is not
// published.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { rollUpTypes } from './api-types.mjs';
import { bundleForNode, bundleInChunks } from './bundle.mjs';

const root = resolve(import.meta.dirname, '..');
const staging = join(root, 'build/packages');
const out = join(root, 'dist/packages');
const { version, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const common = { version, license, type: 'module', engines: { node: '>=20.19' } };

rmSync(staging, { recursive: true, force: true });
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
await Promise.all([stageApi(join(staging, 'api')), stageTest(join(staging, 'test'))]);
for (const name of ['api', 'test']) pack(join(staging, name));

async function stageApi(folder) {
  const entry = 'core/api/src/index.ts';
  const [types] = await Promise.all([
    rollUpTypes(entry),
    bundleForNode(join(root, entry), join(folder, 'index.js'), { sourcemap: false, banner: {} }),
  ]);
  writeFile(join(folder, 'index.d.ts'), types);
  const { manifestSchema } = await import(join(folder, 'index.js'));
  writeJson(join(folder, 'manifest.schema.json'), manifestSchema);
  cpSync(join(root, 'native/include'), join(folder, 'include'), { recursive: true });
  finish(folder, 'core/api', {
    name: '@tutti/api',
    description:
      'What an extension of Tutti is written against: types, the schema of its manifest, C headers',
    ...common,
    exports: {
      '.': { types: './index.d.ts', default: './index.js' },
      './manifest.schema.json': './manifest.schema.json',
      './include/*': './include/*',
    },
  });
}

async function stageTest(folder) {
  const entry = 'core/test-kit/src/index.ts';
  const installation = join(folder, 'installation');
  const bundles = [
    [entry, join(folder, 'dist/index.js')],
    ['core/exthost/src/main.ts', join(installation, 'dist/exthost.js')],
    ['core/test-kit/src/null-engine/main.ts', join(installation, 'dist/engine.js')],
  ];
  const [types] = await Promise.all([
    rollUpTypes(entry, ['@tutti/api']),
    bundleInChunks(join(root, 'core/cli/src/main.ts'), join(installation, 'dist'), 'cli', {
      sourcemap: false,
    }),
    ...bundles.map(([from, to]) => bundleForNode(join(root, from), to, { sourcemap: false })),
  ]);
  writeFile(join(folder, 'dist/index.d.ts'), types);
  cpSync(join(root, 'core/test-kit/native'), join(folder, 'native'), { recursive: true });
  cpSync(join(root, 'core/cli/templates'), join(installation, 'dist/templates'), { recursive: true });
  cpSync(join(root, 'core/test-kit/installation'), installation, { recursive: true });
  writeFile(join(installation, 'dist/ui/index.html'), '<!doctype html><title>Tutti, test host</title>\n');
  // The host looks whether it is there; the null engine never opens it.
  for (const ending of ['so', 'dylib']) {
    writeFile(join(installation, 'extensions/null-audio/dist/native', `null.${ending}`), '');
  }
  writeJson(join(installation, 'package.json'), { version, type: 'module', private: true });
  finish(folder, 'core/test-kit', {
    name: '@tutti/test',
    description:
      'Tests extensions of Tutti: a host with a null engine, conformance suites, fake clock, packets',
    ...common,
    bin: { tutti: './installation/dist/cli.js' },
    exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
    peerDependencies: { '@tutti/api': version },
  });
}

function finish(folder, workspace, manifest) {
  writeJson(join(folder, 'package.json'), manifest);
  cpSync(join(root, workspace, 'README.md'), join(folder, 'README.md'));
  cpSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
}

function writeFile(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function writeJson(path, value) {
  writeFile(path, `${JSON.stringify(value, undefined, 2)}\n`);
}

function pack(folder) {
  const args = ['pack', '--silent', '--pack-destination', out];
  const { status, stdout, stderr } = spawnSync('npm', args, { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(`npm pack in ${folder} failed: ${stderr}`);
  console.log(join('dist/packages', stdout.trim()));
}
