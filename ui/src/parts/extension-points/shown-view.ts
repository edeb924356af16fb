import type { ViewInfo } from '@tutti/common';
import type { ReadyViews } from './use-view-changes.ts';

/** What a view is shown by: as its manifest has it. */
export type ShownView = Omit<ViewInfo, 'ready' | 'when'>;

export interface ViewProps {
  readonly view: ShownView;
  readonly ready: ReadyViews;
}
