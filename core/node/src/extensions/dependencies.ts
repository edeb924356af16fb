import type { ExtensionReason } from '@tutti/common';

/** What one needs of the others. */
export interface Dependent {
  readonly id: string;
  readonly dependencies: readonly string[];
  /** It may be used, as far as it alone is concerned. */
  readonly usable: boolean;
}

export interface DependencyOrder {
  /** Those that may be used, each after what it needs. */
  readonly order: readonly string[];
  /** Those that may not, because of others. */
  readonly refused: ReadonlyMap<string, { readonly reason: ExtensionReason; readonly message: string }>;
}

/** Puts extensions in the order in which they can be activated. The order of the input decides between equals. */
export function orderByDependency(extensions: readonly Dependent[]): DependencyOrder {
  const byId = new Map(extensions.map((each) => [each.id, each]));
  const order: string[] = [];
  const refused = new Map<string, { reason: ExtensionReason; message: string }>();
  const path: string[] = [];

  const visit = (extension: Dependent): boolean => {
    const { id } = extension;
    if (order.includes(id)) return true;
    if (!extension.usable || refused.has(id)) return false;
    const begin = path.indexOf(id);
    if (begin >= 0) {
      const cycle = path.slice(begin);
      const message = `they need each other: ${[...cycle, id].join(' needs ')}`;
      for (const each of cycle) refused.set(each, { reason: 'dependencyCycle', message });
      return false;
    }
    path.push(id);
    for (const wanted of extension.dependencies) {
      const found = byId.get(wanted);
      if (found === undefined) {
        refused.set(id, { reason: 'missingDependency', message: `needs ${wanted}, which is not installed` });
      } else if (!visit(found) && !refused.has(id)) {
        refused.set(id, { reason: 'dependencyDisabled', message: `needs ${wanted}, which is not in use` });
      }
    }
    path.pop();
    if (refused.has(id)) return false;
    order.push(id);
    return true;
  };

  for (const extension of extensions) visit(extension);
  return { order, refused };
}

/** Everyone who needs `id`, directly or not, those first whom nobody needs: the order of deactivation. */
export function dependentsOf(id: string, extensions: readonly Dependent[]): readonly string[] {
  const found: string[] = [];
  const seen = new Set([id]); // a circle ends where it began
  const visit = (wanted: string): void => {
    for (const each of extensions) {
      if (seen.has(each.id) || !each.dependencies.includes(wanted)) continue;
      seen.add(each.id);
      visit(each.id);
      found.push(each.id);
    }
  };
  visit(id);
  return found;
}
