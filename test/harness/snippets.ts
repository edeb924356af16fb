import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { checkFolder } from '@tutti/node';
import { repository } from './lab.ts';

const run = promisify(execFile);

/** A fenced piece of code in the documentation. */
export interface Snippet {
  /** `codec.md:31`, where it begins. */
  readonly place: string;
  readonly language: string;
  /** Its file, where the fence names one. */
  readonly file?: string;
  readonly code: string;
}

/** Every fenced piece of code in `docs/extensions`. */
export function snippets(): readonly Snippet[] {
  const folder = join(repository, 'docs/extensions');
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const text = readFileSync(join(folder, name), 'utf8');
      return [...text.matchAll(/^```(\w+)(?: (\S+))?\n([\s\S]*?)^```$/gm)].map(
        ([, language = '', file, code = ''], i, all) => ({
          place: `${name}:${text.slice(0, all[i]?.index).split('\n').length}`,
          language,
          ...(file !== undefined && { file }),
          code,
        }),
      );
    });
}

/** Type-checks the snippets as modules of an extension in `folder`; '' if the compiler is content. */
export async function typeCheck(folder: string, modules: readonly Snippet[]): Promise<string> {
  const own = join(folder, 'snippets');
  mkdirSync(own, { recursive: true });
  for (const { place, code } of modules) {
    writeFileSync(join(own, `${place.replace(/[.:]/g, '-')}.ts`), `${code}\nexport {};\n`);
  }
  const settings = readFileSync(join(repository, 'core/cli/templates/common/tsconfig.json'), 'utf8');
  writeFileSync(join(own, 'tsconfig.json'), settings.replace('["src", "test"]', '["*.ts"]'));
  return said('npx', ['tsc', '-p', own], folder);
}

/** Checks a `contributes` as the manifest of an extension with the texts that the same page shows; what is wrong with it. */
export function checkContributes(
  { place, code }: Snippet,
  folder: string,
  texts: readonly Snippet[],
): string {
  const own = join(folder, `manifest-${place.replace(/[.:]/g, '-')}`);
  mkdirSync(own);
  const page = place.split(':')[0] ?? '';
  for (const { file, code: text } of texts.filter((each) => each.place.startsWith(page))) {
    writeFileSync(join(own, file ?? ''), text);
  }
  const manifest = { publisher: 'acme', name: 'my-own', version: '1.0.0', engines: { tutti: '*' } };
  writeFileSync(
    join(own, 'package.json'),
    JSON.stringify({ ...manifest, contributes: JSON.parse(code) as unknown }),
  );
  return checkFolder(own)
    .problems.map(({ message }) => `${place}: ${message}`)
    .join('\n');
}

/** Compiles C and C++ against the headers of the packed @tutti/api; '' if the compiler is content. */
export function compile({ language, code }: Snippet, folder: string, headers: string): Promise<string> {
  const file = join(folder, `snippet.${language}`);
  writeFileSync(file, code);
  const [compiler, standard] = language === 'c' ? ['cc', 'c11'] : ['c++', 'c++20'];
  return said(
    compiler,
    ['-fsyntax-only', `-std=${standard}`, '-Wall', '-Wextra', '-Werror', `-I${headers}`, file],
    folder,
  );
}

/** Reads JavaScript of a page, a module whose names nobody here knows; '' if it can be read. */
export function readScript({ code }: Snippet, folder: string): Promise<string> {
  const file = join(folder, 'snippet.mjs');
  writeFileSync(file, code);
  return said(process.execPath, ['--check', file], folder);
}

async function said(command: string, args: readonly string[], cwd: string): Promise<string> {
  try {
    await run(command, args, { cwd });
    return '';
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { readonly stdout?: string; readonly stderr?: string };
    return `${stdout}${stderr}` || String(error);
  }
}
