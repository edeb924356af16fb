import type { TableRange, TableRow } from '@tutti/api';
import { Emitter, type Problem, type Result } from '@tutti/base';
import type { TableRows } from '../../api/host-api.ts';

export const pageRows = 100;
/** More rows than these are not shown: who has more offers a way to look for them. */
export const mostRows = 100_000;

export interface TableState {
  /** Undefined before the first answer. */
  readonly total?: number;
  /** By number, from 0; what is missing has not been asked for. */
  readonly rows: ReadonlyMap<number, TableRow>;
  readonly sort?: NonNullable<TableRange['sort']>;
  readonly problem?: Problem;
}

/** The rows of a view of type table that somebody has looked at, asked for in pages as they come into sight. */
export class TableModel {
  readonly #ask: (range: TableRange) => Promise<Result<TableRows>>;
  readonly #changed = new Emitter<void>();
  #state: TableState = { rows: new Map() };
  /** Pages that were asked for since something changed. */
  readonly #fresh = new Set<number>();
  #inSight: readonly [number, number] = [0, 0];
  #asking = false;

  constructor(ask: (range: TableRange) => Promise<Result<TableRows>>) {
    this.#ask = ask;
  }

  readonly get = (): TableState => this.#state;
  readonly subscribe = (changed: () => void): (() => void) => {
    const subscription = this.#changed.event(changed);
    return () => subscription.dispose();
  };

  /** Rows that a person sees, from 0, the last one not included. */
  readonly look = (first: number, end: number): void => {
    this.#inSight = [first, end];
    void this.#load();
  };

  /** Everything may be different; what is shown stays until the new rows are here. */
  changed(): void {
    this.#fresh.clear();
    void this.#load();
  }

  /** By a column, then the other way round, then as the extension has it. */
  sortBy(column: string): void {
    const { sort, ...state } = this.#state;
    const next =
      sort?.column !== column
        ? { column, descending: false }
        : sort.descending
          ? undefined
          : { column, descending: true };
    this.#set({ ...state, ...(next && { sort: next }) });
    this.changed();
  }

  async #load(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    for (let page = this.#wanted(); page !== undefined; page = this.#wanted()) {
      this.#fresh.add(page);
      const { sort } = this.#state;
      const reply = await this.#ask({ offset: page * pageRows, limit: pageRows, ...(sort && { sort }) });
      // Another order was chosen meanwhile: these are not its rows.
      if (sort !== this.#state.sort) continue;
      if (reply.ok) this.#fill(page, reply.value);
      else this.#set({ ...this.#state, problem: reply.error });
      if (!reply.ok) break;
    }
    this.#asking = false;
  }

  /** The first page in sight that is not fresh. */
  #wanted(): number | undefined {
    const [first, end] = this.#inSight;
    const last = Math.max(first, Math.min(end, this.#state.total ?? 1) - 1);
    for (let page = Math.floor(first / pageRows); page <= Math.floor(last / pageRows); page++)
      if (!this.#fresh.has(page)) return page;
    return undefined;
  }

  #fill(page: number, { total, rows: answer }: TableRows): void {
    const { sort } = this.#state;
    const shown = Math.min(total, mostRows);
    const rows = new Map(
      [...this.#state.rows].filter(([index]) => index < shown && Math.floor(index / pageRows) !== page),
    );
    for (const [index, row] of answer.entries()) rows.set(page * pageRows + index, row);
    this.#set({ total: shown, rows, ...(sort && { sort }) });
  }

  #set(state: TableState): void {
    this.#state = state;
    this.#changed.fire();
  }
}
