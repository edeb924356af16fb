import type {
  CommandContribution,
  Contributes,
  DiagnosisContribution,
  HalContribution,
  KeybindingContribution,
  LabelledContribution,
  MenuContribution,
  MenuPlace,
  StatusItemContribution,
  ViewContribution,
  ViewPlace,
} from '@tutti/api';
import { Emitter, fail, toDisposable, type Disposable, type Event } from '@tutti/base';
import { localised, type Texts } from './localisation.ts';

/** An extension as far as its contributions go. */
export interface Contributor {
  /** `publisher.name`. */
  readonly id: string;
  /** Absolute path. */
  readonly folder: string;
  readonly contributes: Contributes;
  readonly texts: Texts;
  /** None: there is no code behind it that waits. */
  readonly code?: ContributorCode;
}

/** Code that runs from when somebody wants what it stands behind. */
export interface ContributorCode {
  /** Whether it still waits for that. */
  readonly isWaiting: boolean;
  /** Has it run if it does not yet. Resolves when that has been tried; that it failed shows in what is missing afterwards. */
  wake(): Promise<void>;
}

type Of<T> = T & { readonly extension: string };

/** What manifests contribute, in the order of the extensions, in one language. */
export interface Declarations {
  readonly commands: readonly Of<CommandContribution>[];
  readonly menus: readonly Of<MenuContribution & { readonly place: MenuPlace }>[];
  readonly keybindings: readonly Of<KeybindingContribution>[];
  readonly views: readonly Of<ViewContribution & { readonly place: ViewPlace }>[];
  readonly statusItems: readonly Of<StatusItemContribution>[];
  readonly diagnosis: readonly Of<DiagnosisContribution>[];
  readonly hal: readonly Of<HalContribution>[];
  readonly discovery: readonly Of<LabelledContribution>[];
}

/** Kinds whose code registers itself under an id that the manifest names. */
export type DeclaredKind = 'commands' | 'views' | 'statusItems' | 'diagnosis' | 'hal';

/** The contributions of the extensions that are in use, as their manifests say them: no code has run for this. */
export class ContributionTable {
  readonly #contributors: Contributor[] = [];
  readonly #emitter = new Emitter<void>();

  /** Something came or went. */
  readonly onDidChange: Event<void> = this.#emitter.event;

  /** @throws TuttiError `conflict` if another extension contributes something of the same kind and id. */
  add(contributor: Contributor): Disposable {
    const mine = declarationsOf(contributor, []);
    for (const kind of ['commands', 'views', 'statusItems', 'diagnosis', 'hal'] as const) {
      for (const each of mine[kind]) {
        const other = this.find(kind, idOf(each));
        if (other === undefined) continue;
        const message = `${idOf(each)} is contributed by ${other.extension} already`;
        throw fail('conflict', message, { field: `contributes.${kind}` });
      }
    }
    this.#contributors.push(contributor);
    this.#emitter.fire();
    return toDisposable(() => {
      this.#contributors.splice(this.#contributors.indexOf(contributor), 1);
      this.#emitter.fire();
    });
  }

  /** @param languages wanted ones, best first, as `de-AT`. */
  list(languages: readonly string[] = []): Declarations {
    const all = this.#contributors.map((each) => declarationsOf(each, languages));
    return {
      commands: all.flatMap((each) => each.commands),
      menus: all.flatMap((each) => each.menus),
      keybindings: all.flatMap((each) => each.keybindings),
      views: all.flatMap((each) => each.views),
      statusItems: all.flatMap((each) => each.statusItems),
      diagnosis: all.flatMap((each) => each.diagnosis),
      hal: all.flatMap((each) => each.hal),
      discovery: all.flatMap((each) => each.discovery),
    };
  }

  find<K extends DeclaredKind>(kind: K, id: string): Declarations[K][number] | undefined {
    const all: readonly Declarations[K][number][] = this.list()[kind];
    return all.find((each) => idOf(each) === id);
  }

  /** Somebody wants what an extension contributes: its code is to run. Resolves when that has been tried. */
  async wake(extension: string): Promise<void> {
    await this.#codeOf(extension)?.wake();
  }

  /** Whether an extension's code has not run yet because nobody has wanted it. */
  isWaiting(extension: string): boolean {
    return this.#codeOf(extension)?.isWaiting ?? false;
  }

  folderOf(extension: string): string | undefined {
    return this.#contributors.find((each) => each.id === extension)?.folder;
  }

  #codeOf(extension: string): ContributorCode | undefined {
    return this.#contributors.find((each) => each.id === extension)?.code;
  }

  get size(): number {
    return this.#contributors.length;
  }

  /** Who listens to changes; for tests that look for leaks. */
  get listenerCount(): number {
    return this.#emitter.listenerCount;
  }
}

function idOf(each: { readonly id: string } | { readonly command: string }): string {
  return 'id' in each ? each.id : each.command;
}

function declarationsOf(
  { id: extension, contributes, texts }: Contributor,
  languages: readonly string[],
): Declarations {
  const said = localised(contributes, texts, languages);
  const own = <T extends object>(items: readonly T[] = []): Of<T>[] =>
    items.map((each) => ({ ...each, extension }));
  const placed = <P extends string, T extends object>(
    places: Readonly<Partial<Record<P, readonly T[]>>> | undefined,
  ): Of<T & { readonly place: P }>[] =>
    (Object.entries(places ?? {}) as [P, readonly T[]][]).flatMap(([place, items]) =>
      items.map((each) => ({ ...each, place, extension })),
    );
  return {
    commands: own(said.commands),
    menus: placed(said.menus),
    keybindings: own(said.keybindings),
    views: placed(said.views),
    statusItems: own(said.statusItems),
    diagnosis: own(said.diagnosis),
    hal: own(said.hal),
    discovery: own(said.discovery),
  };
}
