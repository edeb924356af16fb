import { Store } from './store.ts';
import { isRecord, readStored, writeStored } from './stored.ts';

/** What of the frame is shown; kept for the next visit. Sizes and editors are kept by the panels' own library. */
export interface Layout {
  /** Id of the `activity` part whose side bar is shown. */
  readonly activity: string;
  readonly isSideBarOpen: boolean;
  /** Id of the `panel` part that is in front. */
  readonly panel: string;
  readonly isPanelOpen: boolean;
}

const key = 'tutti.layout';

export const firstLayout: Layout = {
  activity: 'streams',
  isSideBarOpen: false,
  panel: 'meters',
  isPanelOpen: true,
};

export function readLayout(value: unknown): Layout | undefined {
  if (!isRecord(value)) return undefined;
  const { activity, isSideBarOpen, panel, isPanelOpen } = value;
  if (typeof activity !== 'string' || typeof panel !== 'string') return undefined;
  return { activity, isSideBarOpen: isSideBarOpen === true, panel, isPanelOpen: isPanelOpen === true };
}

export function createLayoutStore(): Store<Layout> {
  const store = new Store(readStored(key, readLayout) ?? firstLayout);
  store.onDidChange((layout) => writeStored(key, layout));
  return store;
}
