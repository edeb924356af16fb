import type { TreeItem, TreeProvider } from '@tutti/api';
import type { SeenFormats } from './seen-formats.ts';

type Listener = (changed: readonly string[] | undefined) => void;

/** Formats on the first level, the sessions that have them below. */
export class FormatsTree implements TreeProvider {
  readonly #formats: SeenFormats;
  readonly #listeners = new Set<Listener>();

  constructor(formats: SeenFormats) {
    this.#formats = formats;
  }

  children(parent: string | undefined): Promise<readonly TreeItem[]> {
    return Promise.resolve(parent === undefined ? this.#top() : this.#sessions(parent));
  }

  readonly onDidChange = (listener: Listener): { dispose(): void } => {
    this.#listeners.add(listener);
    return { dispose: () => void this.#listeners.delete(listener) };
  };

  /** Asks whoever shows the tree to look again. */
  changed(): void {
    for (const listener of this.#listeners) listener(undefined);
  }

  #top(): readonly TreeItem[] {
    return this.#formats.formats().map((format) => ({
      id: format,
      label: format,
      description: String(this.#formats.names(format).length),
      icon: 'symbol-numeric',
      children: 'collapsed',
    }));
  }

  #sessions(format: string): readonly TreeItem[] {
    return this.#formats.names(format).map((name) => ({ id: `${format} ${name}`, label: name }));
  }
}
