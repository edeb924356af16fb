import type { Disposable } from '@tutti/base';
import type { CommandArguments } from './commands.ts';

export interface StatusItemState {
  /** Short: it stands in the status bar. */
  readonly text: string;
  readonly tooltip?: string;
  /** `info` unless given. */
  readonly severity?: 'info' | 'warning' | 'error';
  /** Runs when it is chosen. */
  readonly command?: { readonly id: string; readonly arguments?: CommandArguments };
}

/** A text in the status bar. Not shown before the first {@link update}. */
export interface StatusItem extends Disposable {
  update(state: StatusItemState): void;
}

export interface StatusItems {
  /** @param id as in the manifest's `contributes.statusItems`. */
  createItem(id: string): StatusItem;
}
