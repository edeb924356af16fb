import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExtensionManifest } from '@tutti/api';
import type { Problem } from '@tutti/base';
import { satisfies } from 'semver';
import { checkWith } from '../state/schema.ts';

/** An extension as its folder says. */
export interface FoundExtension {
  /** `publisher.name`, or the folder's name if the manifest cannot be read. */
  readonly id: string;
  readonly folder: string;
  readonly manifest?: ExtensionManifest;
  /** Why it cannot be used. */
  readonly problem?: Problem;
}

const name = { type: 'string', pattern: '^[a-z0-9][a-z0-9-]{0,63}$' };
const inside = { type: 'string', pattern: '^(?!/)(?!.*\\.\\.).+$' };

const check = checkWith({
  type: 'object',
  required: ['publisher', 'name', 'version', 'engines'],
  properties: {
    publisher: name,
    name,
    version: { type: 'string' },
    engines: { type: 'object', required: ['tutti'], properties: { tutti: { type: 'string' } } },
    main: inside,
    contributes: {
      type: 'object',
      properties: {
        native: {
          type: 'array',
          items: {
            type: 'object',
            required: ['kind', 'id', 'abi', 'library'],
            properties: {
              kind: { enum: ['codec', 'clock'] },
              id: { type: 'string', minLength: 1, maxLength: 32 },
              abi: { type: 'integer' },
              library: inside,
            },
          },
        },
        configuration: { type: 'object', additionalProperties: { type: 'object' } },
      },
    },
  },
});

/** Reads and judges the manifest in a folder. Never throws. */
export function readExtension(folder: string, folderName: string, tuttiVersion: string): FoundExtension {
  const invalid = (message: string): FoundExtension => ({
    id: folderName,
    folder,
    problem: { code: 'invalid', field: 'package.json', message: `${folderName}: ${message}` },
  });
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  } catch (error) {
    return invalid(`package.json cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  const wrong = check(parsed);
  if (wrong !== undefined) return invalid(`package.json: ${wrong}`);
  const manifest = parsed as ExtensionManifest;
  const id = `${manifest.publisher}.${manifest.name}`;
  if (!satisfies(tuttiVersion, manifest.engines.tutti)) {
    const message = `${id} wants Tutti ${manifest.engines.tutti}, this is ${tuttiVersion}`;
    return { id, folder, manifest, problem: { code: 'unsupported', field: 'engines.tutti', message } };
  }
  return { id, folder, manifest };
}
