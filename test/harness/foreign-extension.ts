import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { repository, type Lab } from './lab.ts';

/** An extension of somebody else, written and compiled here. */
export interface ForeignExtension {
  readonly name: string;
  /** Body of `activate`, in plain JavaScript with `api`; absent: it has no code of its own. */
  readonly activate?: string;
  readonly manifest?: Readonly<Record<string, unknown>>;
  readonly codec?: ForeignCodec;
}

export interface ForeignCodec {
  readonly encoding: string;
  /** Major version of the ABI that it is built for; 1 unless given. */
  readonly abi?: number;
  /** What its manifest says instead. */
  readonly claimedAbi?: number;
  readonly crashes?: boolean;
}

/** Writes a folder that `tutti extension install` takes. @returns the folder. */
export function writeExtension(lab: Lab, { name, activate, manifest = {}, codec }: ForeignExtension): string {
  const folder = lab.file(name);
  mkdirSync(join(folder, 'dist'), { recursive: true });
  const contributes = (manifest['contributes'] ?? {}) as object;
  const native = codec && [
    { kind: 'codec', id: codec.encoding, abi: codec.claimedAbi ?? codec.abi ?? 1, library: 'codec' },
  ];
  const content = {
    ...{ publisher: 'stranger', name, version: '1.0.0', type: 'module', engines: { tutti: '*' } },
    ...(activate !== undefined && { main: './dist/main.js' }),
    ...manifest,
    contributes: { ...contributes, ...(native && { native }) },
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(content));
  if (activate !== undefined) {
    const code = `export async function activate({ api, subscriptions }) { ${activate} }`;
    writeFileSync(join(folder, 'dist/main.js'), code);
  }
  if (codec) compile(codec, join(folder, 'dist/codec.so'));
  return folder;
}

function compile({ encoding, abi = 1, crashes = false }: ForeignCodec, library: string): void {
  mkdirSync(dirname(library), { recursive: true });
  execFileSync('cc', [
    ...['-shared', '-fPIC', '-fvisibility=hidden', '-O2', '-I', join(repository, 'native/include')],
    ...[`-DTEST_ABI=${abi}u`, `-DTEST_ENCODING="${encoding}"`, ...(crashes ? ['-DTEST_CRASH'] : [])],
    ...[join(repository, 'test/fixtures/plugins/plugin.c'), '-o', library],
  ]);
}
