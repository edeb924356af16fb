import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { manifestSchema, type ExtensionManifest } from '@tutti/api';
import type { Problem } from '@tutti/base';
import { Ajv, type ErrorObject } from 'ajv';
import { findNodeAtLocation, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import { satisfies, valid } from 'semver';
import type { ExtensionReason } from '@tutti/common';

/** Where an extension comes from: it decides what it may do and in which process it runs. */
export type ExtensionOrigin = 'builtIn' | 'installed' | 'development';

/** An extension as its folder says. */
export interface FoundExtension {
  /** `publisher.name`, or the folder's name if the manifest cannot be read. */
  readonly id: string;
  readonly folder: string;
  readonly origin: ExtensionOrigin;
  readonly manifest?: ExtensionManifest;
  /** Why it cannot be used, whatever else is installed. */
  readonly refusal?: { readonly reason: ExtensionReason; readonly problem: Problem };
}

const maxManifestBytes = 256 * 1024;
/** What one look should show; the rest is shown when these are mended. */
const mostProblems = 5;

const validate = new Ajv({ allErrors: true, strict: false }).compile(manifestSchema);

/** Reads and judges the manifest in a folder. Never throws. */
export function readExtension(
  folder: string,
  folderName: string,
  origin: ExtensionOrigin,
  tuttiVersion: string,
): FoundExtension {
  const refuse = (
    reason: ExtensionReason,
    problem: Problem,
    manifest?: ExtensionManifest,
  ): FoundExtension => ({
    id: manifest === undefined ? folderName : `${manifest.publisher}.${manifest.name}`,
    folder,
    origin,
    ...(manifest && { manifest }),
    refusal: { reason, problem },
  });
  const path = join(folder, 'package.json');
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const message = `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    return refuse('invalid', { code: 'invalid', field: 'package.json', message });
  }
  const { manifest, problems } = checkManifest(text, path);
  if (manifest === undefined) {
    const message = problems.map((each) => each.message).join('; ');
    return refuse('invalid', { code: 'invalid', field: problems[0]?.field ?? 'package.json', message });
  }
  const id = `${manifest.publisher}.${manifest.name}`;
  if (!satisfies(tuttiVersion, manifest.engines.tutti)) {
    const message = `${id} wants Tutti ${manifest.engines.tutti}, this is ${tuttiVersion}`;
    const fix = 'install the version of the extension that is made for this Tutti';
    return refuse('engine', { code: 'unsupported', field: 'engines.tutti', message, fix }, manifest);
  }
  return { id, folder, origin, manifest };
}

/**
 * Reads a manifest's text. Problems say `file:line:column`, so that an editor jumps there.
 *
 * @param path what the messages call the file.
 */
export function checkManifest(
  text: string,
  path: string,
): { readonly manifest?: ExtensionManifest; readonly problems: readonly Problem[] } {
  if (text.length > maxManifestBytes) {
    const message = `${path}: longer than ${maxManifestBytes} bytes`;
    return { problems: [{ code: 'limit', field: 'package.json', message }] };
  }
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { disallowComments: true });
  const syntax = errors[0];
  if (tree === undefined || syntax !== undefined) {
    const what = syntax === undefined ? 'it is empty' : printParseErrorCode(syntax.error);
    const message = `${path}:${position(text, syntax?.offset ?? 0)}: ${what}`;
    return { problems: [{ code: 'invalid', field: 'package.json', message }] };
  }
  const value: unknown = JSON.parse(text);
  if (!validate(value)) {
    const problems = (validate.errors ?? []).slice(0, mostProblems).map((error): Problem => {
      const { field, node, what } = describe(error, tree);
      return { code: 'invalid', field, message: `${path}:${position(text, node.offset)}: ${field} ${what}` };
    });
    return { problems };
  }
  const manifest = value as ExtensionManifest;
  if (valid(manifest.version) === null) {
    const offset = findNodeAtLocation(tree, ['version'])?.offset ?? 0;
    const message = `${path}:${position(text, offset)}: version ${manifest.version} is not a semantic version`;
    return { problems: [{ code: 'invalid', field: 'version', message }] };
  }
  return { manifest, problems: [] };
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
