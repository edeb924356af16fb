import { DisposableStore, toProblem, type Disposable, type Problem } from '@tutti/base';
import type { ContributorCode } from '../registries/contribution-table.ts';
import { localised } from '../registries/localisation.ts';
import type { Registries } from '../registries/registries.ts';
import type { Configuration } from '../state/configuration.ts';
import type { FoundExtension } from './manifest.ts';
import { fileAt, libraryPath } from './native-contributions.ts';

/**
 * Puts in what an extension's manifest contributes, none of whose code runs for it. What clashes with another extension is
 * left out and reported.
 */
export function contribute(
  found: FoundExtension,
  { registries, configuration }: { readonly registries: Registries; readonly configuration: Configuration },
  report: (problem: Problem) => void,
  code: ContributorCode,
): DisposableStore {
  const store = new DisposableStore();
  const { id, folder, texts, manifest } = found;
  const contributes = manifest?.contributes ?? {};
  const put = (field: string, act: () => Disposable): void => {
    try {
      store.add(act());
    } catch (error) {
      const problem = toProblem(error);
      report({ ...problem, field: problem.field ?? field, message: `${field}: ${problem.message}` });
    }
  };
  put('contributes', () => registries.contributions.add({ id, folder, contributes, texts, code }));
  const settings = localised(contributes.configuration ?? {}, texts, []);
  put('contributes.configuration', () => configuration.contribute(settings, id));
  for (const each of contributes.native ?? []) {
    put(`contributes.native.${each.id}`, () => {
      const { kind, inside, automaticFrom } = each;
      const path = libraryPath(found, each);
      const library = {
        ...{ kind, id: each.id, extension: id, path, file: fileAt(path) },
        ...(inside !== undefined && { inside }),
        ...(automaticFrom !== undefined && { automaticFrom }),
      };
      return each.kind === 'codec'
        ? registries.codecs.register(each.id.toUpperCase(), library)
        : registries.clocks.register(each.id, library);
    });
  }
  return store;
}
