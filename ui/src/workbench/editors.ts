import {
  normalizeWorkspaceModel,
  type WorkspaceImperativeHandle,
  type WorkspaceModel,
} from 'react-resizable-panels';
import { localize } from '../localize/localize.ts';
import { isRecord, readStored, writeStored } from './stored.ts';

/** Which editor a tab holds. */
export interface EditorTab {
  /** Id of an `editor` part. */
  readonly part: string;
  readonly input?: string;
}

export type EditorModel = WorkspaceModel<EditorTab>;
type Handle = WorkspaceImperativeHandle<EditorTab>;

const key = 'tutti.editors';
const mostTabs = 60;

/** What is open at the first visit. */
export const firstModel: EditorModel = {
  version: 1,
  root: {
    type: 'tabset',
    id: 'main',
    keepWhenEmpty: true,
    selectedId: 'streams',
    tabs: [{ id: 'streams', title: localize('streams.title', 'Streams'), data: { part: 'streams' } }],
  },
};

export function readEditorModel(value: unknown): EditorModel | undefined {
  let tabs = 0;
  const model = normalizeWorkspaceModel<EditorTab>(value, {
    mapTab: (tab) => {
      const { data } = tab;
      tabs += 1;
      return tabs <= mostTabs && isRecord(data) && typeof data['part'] === 'string' ? tab : null;
    },
  });
  return model ?? undefined;
}

/** Id of the tab that an editor gets; the same editor with the same input is the same tab. */
export const tabId = ({ part, input }: EditorTab): string =>
  input === undefined ? part : `${part}:${input}`;

/** The editors that are open, in tabs that can be dragged, split and closed. Keeps them for the next visit. */
export class Editors {
  #handle: Handle | undefined;
  readonly initial: EditorModel = readStored(key, readEditorModel) ?? firstModel;
  readonly #waiting: ((handle: Handle) => void)[] = [];

  /** The frame's side: there is something that shows tabs, or there is not any more. */
  readonly attach = (handle: Handle | null): void => {
    this.#handle = handle ?? undefined;
    if (handle) for (const act of this.#waiting.splice(0)) act(handle);
  };

  readonly keep = (model: EditorModel): void => writeStored(key, model);

  /** Opens an editor, or brings it to the front. */
  open(tab: EditorTab, title: string): void {
    this.#with((handle) => {
      const id = tabId(tab);
      handle.addTab({ id, title, data: tab });
      handle.updateTab(id, { title });
      handle.selectTab(id);
    });
  }

  close(id: string): void {
    this.#with((handle) => handle.closeTab(id));
  }

  closeActive(): void {
    this.#with((handle) => {
      const selected = activeTabset(handle)?.selectedId;
      if (selected !== undefined) handle.closeTab(selected);
    });
  }

  /** Moves the tab in front into a group of its own; an only tab is shown a second time. */
  split(region: 'right' | 'bottom'): void {
    this.#with((handle) => {
      const tabset = activeTabset(handle);
      const tab = tabset?.tabs.find(({ id }) => id === tabset.selectedId);
      if (!tabset || !tab) return;
      const target = { tabsetId: tabset.id, region };
      if (tabset.tabs.length > 1) handle.moveTab(tab.id, target);
      else handle.addTab({ ...tab, id: `${tab.id}#${Date.now()}` }, { target });
    });
  }

  reset(): void {
    this.#with((handle) => handle.setModel(firstModel));
  }

  #with(act: (handle: Handle) => void): void {
    if (this.#handle) act(this.#handle);
    else this.#waiting.push(act);
  }
}

function activeTabset(
  handle: Handle,
): { id: string; selectedId?: string | undefined; tabs: readonly EditorTabNode[] } | undefined {
  const wanted = handle.getActiveTabsetId();
  const all = tabsetsOf(handle.getModel().root);
  return all.find(({ id }) => id === wanted) ?? all[0];
}

type EditorNode = EditorModel['root'];
type EditorTabset = Extract<EditorNode, { type: 'tabset' }>;
type EditorTabNode = EditorTabset['tabs'][number];

function tabsetsOf(node: EditorNode): readonly EditorTabset[] {
  return node.type === 'tabset' ? [node] : node.children.flatMap(tabsetsOf);
}
