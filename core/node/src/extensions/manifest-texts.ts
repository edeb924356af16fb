import type { Problem } from '@tutti/base';
import type { Texts } from '../registries/localisation.ts';
import { checkWith } from '../state/schema.ts';

/** Names of the files that hold texts; the group is the language. */
export const textsName = /^package\.nls(?:\.([A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*))?\.json$/;

const maxFileLength = 256 * 1024;
const mostFiles = 64;
const check = checkWith({
  type: 'object',
  maxProperties: 2000,
  additionalProperties: { type: 'string', maxLength: 1024 },
});

/** Reads the files of texts. @param prefix what messages put before a file's name. */
export function readTexts(
  files: ReadonlyMap<string, string>,
  prefix: string,
): { readonly texts: Texts; readonly problems: readonly Problem[] } {
  const texts = new Map<string, Readonly<Record<string, string>>>();
  const problems: Problem[] = [];
  for (const [name, content] of [...files].slice(0, mostFiles)) {
    const read = readFile(content);
    if (typeof read === 'string')
      problems.push({ code: 'invalid', field: name, message: `${prefix}${name}:1:1: ${read}` });
    else texts.set((textsName.exec(name)?.[1] ?? '').toLowerCase(), read);
  }
  return { texts, problems };
}

/** The texts, or what is wrong with them. */
function readFile(content: string): Readonly<Record<string, string>> | string {
  if (content.length > maxFileLength) return `longer than ${maxFileLength} characters`;
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (error) {
    return `it is not JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
  return check(value) ?? (value as Readonly<Record<string, string>>);
}
