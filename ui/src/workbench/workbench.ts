import {
  createContext,
  createElement,
  Fragment,
  useContext,
  useSyncExternalStore,
  type ReactNode,
} from 'react';
import { toProblem } from '@tutti/base';
import type { Registry } from '@tutti/common';
import { Editors, tabId } from './editors.ts';
import { Keybindings } from './keybindings.ts';
import { createLayoutStore } from './layout.ts';
import { Notifications, type NotifyOptions } from './notifications.ts';
import { createRegistries, partAt, type Command, type Target } from './registry.ts';
import { Store } from './store.ts';

/** The dialog that is open: one at a time. */
type OpenDialog = (close: () => void) => ReactNode;

/** The frame and what it is made of: what parts and commands act upon. One object a page. */
export class Workbench {
  readonly registries = createRegistries();
  readonly layout = createLayoutStore();
  readonly editors = new Editors();
  readonly keybindings = new Keybindings(this.registries);
  readonly notifications = new Notifications();
  readonly dialog = new Store<ReactNode>(undefined);
  /** What extensions contribute is registered: who is missing after that is gone. */
  readonly areExtensionsKnown = new Store(false);
  #dialogs = 0;

  /** Opens an editor part, or brings it to the front. `title` names a tab that has an input. */
  openEditor(part: string, input?: string, title?: string): void {
    const known = partAt(this.registries.parts, 'editor', part);
    this.editors.open(
      { part, ...(input !== undefined && { input }) },
      title ?? known?.title ?? tabId({ part }),
    );
  }

  /** Shows an activity: its editor, and its side bar if `withSideBar` (or if one is open). */
  openActivity(id: string, withSideBar = false): void {
    const activity = partAt(this.registries.parts, 'activity', id);
    if (!activity) return;
    this.layout.update((layout) => ({
      ...layout,
      activity: id,
      isSideBarOpen: layout.isSideBarOpen || withSideBar,
    }));
    this.openEditor(activity.editor);
  }

  openPanel(id: string): void {
    this.layout.update((layout) => ({ ...layout, panel: id, isPanelOpen: true }));
  }

  notify(message: string, options?: NotifyOptions): () => void {
    return this.notifications.show(message, options);
  }

  /** Opens a dialog in front of everything, instead of one that is open; `render` gets what closes it, and only it. */
  openDialog(render: OpenDialog): void {
    const mine = ++this.#dialogs;
    const close = (): void => {
      if (mine === this.#dialogs) this.dialog.set(undefined);
    };
    this.dialog.set(createElement(Fragment, { key: mine }, render(close)));
  }

  /** Runs a command by id, if it is there and may run. What it throws is shown. */
  async run(id: string, target: Target = {}): Promise<void> {
    const command = this.registries.commands.get(id);
    if (command) await this.runCommand(command, target);
  }

  async runCommand({ isEnabled, run }: Command, target: Target = {}): Promise<void> {
    if (isEnabled?.(target) === false) return;
    try {
      await run(target);
    } catch (error) {
      const { message, fix } = toProblem(error);
      this.notify(message, { tone: 'bad', detail: fix });
    }
  }
}

const WorkbenchContext = createContext<Workbench | undefined>(undefined);

export function WorkbenchProvider({ workbench, children }: { workbench: Workbench; children: ReactNode }) {
  return createElement(WorkbenchContext, { value: workbench }, children);
}

export function useWorkbench(): Workbench {
  const workbench = useContext(WorkbenchContext);
  if (!workbench) throw new Error('a part must be inside the workbench');
  return workbench;
}

/** Entries of a registry; the component is drawn again when something comes or goes. */
export function useRegistry<T>(registry: Registry<T>): readonly (readonly [string, T])[] {
  return useSyncExternalStore(
    (changed) => {
      const subscription = registry.onDidChange(changed);
      return () => subscription.dispose();
    },
    () => registry.entries(),
  );
}
