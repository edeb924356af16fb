/** What this view reads of a session. */
export interface SeenSession {
  readonly name: string;
  readonly streams: readonly {
    readonly encoding: string;
    readonly rate: number;
    readonly channels: number;
  }[];
}

/** Names that are remembered of each format, and formats: whoever floods the network. */
const most = 500;

/** Formats that were seen on the network, and who has them. */
export class SeenFormats {
  readonly #names = new Map<string, Set<string>>();

  /** @returns whether anything of it is new. */
  add({ name, streams }: SeenSession): boolean {
    let isNew = false;
    for (const { encoding, rate, channels } of streams) {
      const format = `${encoding}, ${rate / 1000} kHz, ${channels} channels`;
      const names = this.#names.get(format) ?? new Set();
      if (names.has(name) || names.size >= most || this.#names.size >= most) continue;
      this.#names.set(format, names.add(name));
      isNew = true;
    }
    return isNew;
  }

  clear(): void {
    this.#names.clear();
  }

  formats(): readonly string[] {
    return [...this.#names.keys()].sort();
  }

  names(format: string): readonly string[] {
    return [...(this.#names.get(format) ?? [])].sort();
  }
}
