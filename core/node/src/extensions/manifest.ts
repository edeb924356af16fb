import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { manifestSchema, type ExtensionManifest } from '@tutti/api';
import type { Problem } from '@tutti/base';
import type { ExtensionReason } from '@tutti/common';
import { Ajv, type ErrorObject } from 'ajv';
import { findNodeAtLocation, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import { satisfies } from 'semver';
import type { Texts } from '../registries/localisation.ts';
import { schemaOptions } from '../state/schema.ts';
import { misfitsOf } from './manifest-rules.ts';
import { readTexts, textsName } from './manifest-texts.ts';

/** Where an extension comes from: it decides what it may do and in which process it runs. */
export type ExtensionOrigin = 'builtIn' | 'installed' | 'development';

/** An extension as its folder says. */
export interface FoundExtension {
  /** `publisher.name`, or the folder's name if the manifest cannot be read. */
  readonly id: string;
  readonly folder: string;
  readonly origin: ExtensionOrigin;
  readonly manifest?: ExtensionManifest;
  readonly texts: Texts;
  /** Changes whenever the extension is installed anew. */
  readonly revision: string;
  /** Why it cannot be used, whatever else is installed. */
  readonly refusal?: { readonly reason: ExtensionReason; readonly problem: Problem };
}

const maxManifestBytes = 256 * 1024;
/** What one look should show; the rest is shown when these are mended. */
const mostProblems = 5;

const validate = new Ajv({ ...schemaOptions, allErrors: true, validateSchema: false }).compile(
  manifestSchema,
);

/** Reads and judges the manifest in a folder. Never throws. */
export function readExtension(
  folder: string,
  folderName: string,
  origin: ExtensionOrigin,
  tuttiVersion: string,
): FoundExtension {
  const { manifest, texts, problems } = checkFolder(folder);
  const id = manifest === undefined ? folderName : `${manifest.publisher}.${manifest.name}`;
  const found = { id, folder, origin, texts, revision: revisionOf(folder) };
  if (manifest === undefined) {
    const message = problems.map((each) => each.message).join('; ');
    const problem: Problem = { code: 'invalid', field: problems[0]?.field ?? 'package.json', message };
    return { ...found, refusal: { reason: 'invalid', problem } };
  }
  if (!satisfies(tuttiVersion, manifest.engines.tutti)) {
    const message = `${id} wants Tutti ${manifest.engines.tutti}, this is ${tuttiVersion}`;
    const fix = 'install the version of the extension that is made for this Tutti';
    const problem: Problem = { code: 'unsupported', field: 'engines.tutti', message, fix };
    return { ...found, manifest, refusal: { reason: 'engine', problem } };
  }
  return { ...found, manifest };
}

export interface CheckedManifest {
  /** Absent if there are problems. */
  readonly manifest?: ExtensionManifest;
  readonly texts: Texts;
  readonly problems: readonly Problem[];
}

/** Reads the manifest in a folder with its texts. Never throws. */
export function checkFolder(folder: string): CheckedManifest {
  const path = join(folder, 'package.json');
  try {
    const names = readdirSync(folder).filter((name) => textsName.test(name));
    const texts = new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
    return checkManifest(readFileSync(path, 'utf8'), path, texts);
  } catch (error) {
    const message = `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    return { texts: new Map(), problems: [{ code: 'invalid', field: 'package.json', message }] };
  }
}

/**
 * Reads a manifest's text. Problems say `file:line:column`, so that an editor jumps there.
 *
 * @param path what the messages call the file.
 * @param textFiles content of `package.nls*.json` beside it, by file name.
 */
export function checkManifest(
  text: string,
  path: string,
  textFiles: ReadonlyMap<string, string> = new Map(),
): CheckedManifest {
  const none: Texts = new Map();
  if (text.length > maxManifestBytes) {
    const message = `${path}: longer than ${maxManifestBytes} bytes`;
    return { texts: none, problems: [{ code: 'limit', field: 'package.json', message }] };
  }
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { disallowComments: true });
  const syntax = errors[0];
  if (tree === undefined || syntax !== undefined) {
    const what = syntax === undefined ? 'it is empty' : printParseErrorCode(syntax.error);
    const message = `${path}:${position(text, syntax?.offset ?? 0)}: ${what}`;
    return { texts: none, problems: [{ code: 'invalid', field: 'package.json', message }] };
  }
  const problemAt = (field: string, offset: number, what: string): Problem => ({
    code: 'invalid',
    field,
    message: `${path}:${position(text, offset)}: ${field} ${what}`,
  });
  const value: unknown = JSON.parse(text);
  if (!validate(value)) {
    const problems = (validate.errors ?? []).slice(0, mostProblems).map((error): Problem => {
      const { field, node, what } = describe(error, tree);
      return problemAt(field, node.offset, what);
    });
    return { texts: none, problems };
  }
  const manifest = value as ExtensionManifest;
  const { texts, problems } = readTexts(textFiles, path.slice(0, -'package.json'.length));
  const misfits = misfitsOf(manifest, texts).map(({ location, inside, what }) => {
    const node = findNodeAtLocation(tree, [...location]) ?? tree;
    const offset = inside === undefined ? node.offset : offsetInString(text, node, inside);
    return problemAt(location.join('.') || 'package.json', offset, what);
  });
  const all = [...problems, ...misfits].slice(0, mostProblems);
  return all.length > 0 ? { texts, problems: all } : { manifest, texts, problems: [] };
}

/** Where a character of a string's value stands in the file, in which it may be escaped (RFC 8259 section 7). */
function offsetInString(text: string, { offset }: Node, inside: number): number {
  let at = offset + 1;
  for (let i = 0; i < inside; i += 1)
    at += text.charAt(at) !== '\\' ? 1 : text.charAt(at + 1) === 'u' ? 6 : 2;
  return at;
}

/** A folder that was replaced has another file, also when its text is the same. */
function revisionOf(folder: string): string {
  const found = statSync(join(folder, 'package.json'), { throwIfNoEntry: false });
  return found === undefined ? '' : `${found.ino} ${found.mtimeMs}`;
}

function describe(error: ErrorObject, tree: Node): { field: string; node: Node; what: string } {
  const steps = error.instancePath
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const location = steps.map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  const node = findNodeAtLocation(tree, location) ?? tree;
  const field = steps.join('.') || 'package.json';
  if (error.keyword === 'additionalProperties') {
    const extra = String(error.params['additionalProperty']);
    const name = node.children?.find((each) => each.children?.[0]?.value === extra)?.children?.[0];
    return { field: [...steps, extra].join('.'), node: name ?? node, what: 'is not known' };
  }
  if (error.keyword === 'enum') {
    const allowed = (error.params['allowedValues'] as readonly unknown[]).join(', ');
    return { field, node, what: `must be one of ${allowed}` };
  }
  return { field, node, what: error.message ?? 'is not valid' };
}

function position(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  return `${before.length}:${(before.at(-1) ?? '').length + 1}`;
}
