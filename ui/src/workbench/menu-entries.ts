import type { MenuPlace } from '@tutti/api';
import type { Command, Registries, Target } from './registry.ts';

/** Commands of a menu in the order in which they are shown, one list a group; those that do not hold are left out. */
export function menuGroups(
  { menus, commands }: Pick<Registries, 'menus' | 'commands'>,
  place: MenuPlace,
  target: Target,
): readonly (readonly Command[])[] {
  const groups = new Map<string, Command[]>();
  for (const [, entry] of menus.entries()) {
    if (entry.place !== place || entry.isShown?.(target) === false) continue;
    const command = commands.get(entry.command);
    if (!command) continue;
    const group = entry.group ?? '';
    const list = groups.get(group) ?? [];
    groups.set(group, list);
    if (!list.includes(command)) list.push(command);
  }
  return [...groups].sort(([a], [b]) => a.localeCompare(b)).map(([, list]) => list);
}
