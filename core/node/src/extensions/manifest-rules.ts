import type { ExtensionManifest } from '@tutti/api';
import { parseKeyChord, parseWhen } from '@tutti/common';
import { valid } from 'semver';
import { textKey, type Texts } from '../registries/localisation.ts';

/** Something in a manifest that its JSON Schema cannot say. */
export interface Misfit {
  /** Path of the value. */
  readonly location: readonly (string | number)[];
  /** Character of the value, if it is a string and one is at fault. */
  readonly inside?: number;
  readonly what: string;
}

/** Looks at what the schema has let through: versions, clauses, keys, texts, views, and ids that are there twice. */
export function misfitsOf(manifest: ExtensionManifest, texts: Texts): readonly Misfit[] {
  const found: Misfit[] = [];
  if (valid(manifest.version) === null)
    found.push({ location: ['version'], what: `${manifest.version} is not a semantic version` });
  found.push(...viewMisfits(manifest), ...doubleIds(manifest));
  walk(manifest.contributes ?? {}, ['contributes'], (value, location) => {
    const name = location.at(-1);
    const isSetting = location[1] === 'configuration';
    if (!isSetting && (name === 'when' || name === 'enablement')) {
      const clause = parseWhen(value);
      if (!clause.ok) found.push({ location, inside: clause.error.offset, what: clause.error.message });
    } else if (location[1] === 'keybindings' && (name === 'key' || name === 'mac')) {
      const chord = parseKeyChord(value);
      if (!chord.ok) found.push({ location, what: chord.error });
    }
    const key = textKey(value);
    if (key !== undefined && texts.get('')?.[key] === undefined)
      found.push({ location, what: `is ${value}, and package.nls.json has no ${key}` });
  });
  return found;
}

function viewMisfits({ contributes }: ExtensionManifest): readonly Misfit[] {
  return Object.entries(contributes?.views ?? {}).flatMap(([place, views]) =>
    views.flatMap((view, index): Misfit[] => {
      const location = ['contributes', 'views', place, index];
      const wants = view.type === 'table' ? 'columns' : view.type === 'web' ? 'entry' : undefined;
      const missing = wants !== undefined && view[wants] === undefined;
      const extra = (['columns', 'entry'] as const).filter((each) => each !== wants && each in view);
      return [
        ...(missing ? [{ location, what: `is a ${view.type} and needs ${wants}` }] : []),
        ...extra.map((each) => ({ location: [...location, each], what: `is not for a ${view.type}` })),
      ];
    }),
  );
}

function doubleIds({ contributes = {} }: ExtensionManifest): readonly Misfit[] {
  const lists: readonly (readonly [readonly (string | number)[], readonly string[]])[] = [
    [['commands'], (contributes.commands ?? []).map((each) => each.command)],
    [['statusItems'], (contributes.statusItems ?? []).map((each) => each.id)],
    [['diagnosis'], (contributes.diagnosis ?? []).map((each) => each.id)],
    [['hal'], (contributes.hal ?? []).map((each) => each.id)],
    [['discovery'], (contributes.discovery ?? []).map((each) => each.id)],
    [['native'], (contributes.native ?? []).map((each) => `${each.kind} ${each.id}`)],
    ...Object.entries(contributes.views ?? {}).map(
      ([place, views]) => [['views', place], views.map((each) => each.id)] as const,
    ),
  ];
  return lists.flatMap(([path, ids]) =>
    ids.flatMap((id, index) =>
      ids.indexOf(id) === index
        ? []
        : [{ location: ['contributes', ...path, index], what: `is there twice: ${id}` }],
    ),
  );
}

/** Visits every text. */
function walk(
  value: unknown,
  location: readonly (string | number)[],
  visit: (text: string, location: readonly (string | number)[]) => void,
): void {
  if (typeof value === 'string') visit(value, location);
  else if (Array.isArray(value)) value.forEach((each, index) => walk(each, [...location, index], visit));
  else if (typeof value === 'object' && value !== null)
    for (const [name, each] of Object.entries(value)) walk(each, [...location, name], visit);
}
