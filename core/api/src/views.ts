import type { Disposable, Event } from '@tutti/base';
import type { Call } from './call.ts';
import type { CommandArguments } from './commands.ts';

export interface TreeItem {
  /** Unique in the view, stable while it is the same thing. */
  readonly id: string;
  readonly label: string;
  /** Shown beside the label, less loud. */
  readonly description?: string;
  readonly tooltip?: string;
  /** Name of a codicon, as `broadcast`. */
  readonly icon?: string;
  /** Whether it may have children; absent: none. */
  readonly children?: 'collapsed' | 'expanded';
  /** What menus' `when` clauses see as `item`, and what their commands get. */
  readonly context?: Readonly<Record<string, unknown>>;
  /** Runs when the item is chosen. */
  readonly command?: { readonly id: string; readonly arguments?: CommandArguments };
}

/** Content of a view of type `tree`. */
export interface TreeProvider {
  /** Children of an item, or the first level. At most 1000; say with a last item if there are more. */
  children(parent: string | undefined, call: Call): Promise<readonly TreeItem[]>;
  /** Fires ids of items whose children changed; undefined: everything. */
  readonly onDidChange?: Event<readonly string[] | undefined>;
}

export interface TableRow {
  readonly id: string;
  /** By id of the column. */
  readonly cells: Readonly<Record<string, string | number | boolean | null>>;
  /** What menus' `when` clauses see as `item`, and what their commands get. */
  readonly context?: Readonly<Record<string, unknown>>;
}

export interface TableRange {
  /** First row, from 0. */
  readonly offset: number;
  /** 1 to 1000. */
  readonly limit: number;
  readonly sort?: { readonly column: string; readonly descending: boolean };
}

/** Content of a view of type `table`; its columns stand in the manifest. */
export interface TableProvider {
  rows(
    range: TableRange,
    call: Call,
  ): Promise<{ readonly total: number; readonly rows: readonly TableRow[] }>;
  readonly onDidChange?: Event<void>;
}

/** What stands behind a view of type `web`: its page is in the manifest, and has no other contact than these messages. */
export interface WebViewHandler {
  /** A message of the page, plain data. What is returned is the answer. */
  onMessage?(message: unknown, call: Call): unknown;
}

export interface WebView extends Disposable {
  /** Sends plain data to every page that shows the view. */
  post(message: unknown): void;
}

/** Ids are those of the manifest's `contributes.views`. */
export interface Views {
  registerTree(id: string, provider: TreeProvider): Disposable;
  registerTable(id: string, provider: TableProvider): Disposable;
  registerWebView(id: string, handler: WebViewHandler): WebView;
}
