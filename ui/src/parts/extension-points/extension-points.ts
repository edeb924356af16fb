import { createElement } from 'react';
import { DisposableStore, toDisposable, TuttiError, type Disposable } from '@tutti/base';
import {
  holds,
  parseWhen,
  type CommandInfo,
  type ContributionsInfo,
  type KeybindingInfo,
  type MenuItemInfo,
  type StatusItemInfo,
  type ViewInfo,
} from '@tutti/common';
import type { HostApi } from '../../api/host-api.ts';
import type { Host } from '../../api/host.ts';
import { localize } from '../../localize/localize.ts';
import { Registrar, type Target } from '../../workbench/registry.ts';
import { Store } from '../../workbench/store.ts';
import { whenContext } from '../../workbench/when-context.ts';
import type { Workbench } from '../../workbench/workbench.ts';
import { chordOfExtension } from './chord.ts';
import { ContributedStatusItem } from './ContributedStatusItem.tsx';
import { ContributedView } from './ContributedView.tsx';
import { ownId } from './own-id.ts';
import type { ReadyViews } from './use-view-changes.ts';

/** What of the host contributions have to do with. */
export interface ContributingHost extends Pick<
  Host,
  'onContribution' | 'subscribe' | 'getView' | 'announce'
> {
  readonly api: Pick<HostApi, 'contributions' | 'runCommand'>;
}

/** One entry of our registries, as long as its contribution says the same. */
interface Entry {
  readonly key: string;
  /** What it is made from: another one is another entry. */
  readonly from: string;
  readonly register: (register: Registrar) => void;
}

/** Keeps what extensions in use contribute in the registries of the workbench, where our own parts are too. */
export class ExtensionPoints implements Disposable {
  readonly #host: ContributingHost;
  readonly #workbench: Workbench;
  readonly #store = new DisposableStore();
  readonly #entries = new Map<string, { readonly from: string; readonly entry: Disposable }>();
  readonly #statusItems = new Store<ReadonlyMap<string, StatusItemInfo>>(new Map());
  readonly #ready: ReadyViews = new Store<ReadonlySet<string>>(new Set());
  #info: ContributionsInfo | undefined;
  #asking = false;
  #askAgain = false;

  constructor(host: ContributingHost, workbench: Workbench) {
    this.#host = host;
    this.#workbench = workbench;
    this.#store.add(
      host.onContribution((message) => {
        if (message.kind === 'contributions') void this.#refresh();
        if (message.kind === 'statusItems') this.#showStates(message.items);
      }),
    );
    // Clauses look at the state of the host and of the frame.
    const ask = (): void => {
      if (this.#info && hasClauses(this.#info)) this.#apply();
    };
    this.#store.add(toDisposable(host.subscribe(ask)));
    this.#store.add(workbench.layout.onDidChange(ask));
  }

  dispose(): void {
    this.#store.dispose();
    for (const { entry } of this.#entries.values()) entry.dispose();
    this.#entries.clear();
  }

  async #refresh(): Promise<void> {
    this.#askAgain = true;
    if (this.#asking) return;
    this.#asking = true;
    while (this.#askAgain) {
      this.#askAgain = false;
      const reply = await this.#host.api.contributions();
      if (!reply.ok) continue; // the next connection asks again
      this.#info = reply.value;
      this.#showStates(reply.value.statusItems);
      this.#apply();
      this.#ready.set(new Set(reply.value.views.filter(({ ready }) => ready).map(({ id }) => id)));
      this.#workbench.areExtensionsKnown.set(true);
    }
    this.#asking = false;
  }

  /** States of the status bar come by themselves, labels (in the reader's language) with the contributions. */
  #showStates(items: readonly StatusItemInfo[]): void {
    this.#statusItems.set(new Map(items.map((item) => [item.id, item])));
    this.#apply();
  }

  #apply(): void {
    if (!this.#info) return;
    const wanted = new Map(this.#wanted(this.#info).map((entry) => [entry.key, entry]));
    for (const [key, { from, entry }] of this.#entries) {
      if (wanted.get(key)?.from === from) continue;
      this.#entries.delete(key);
      entry.dispose();
    }
    for (const { key, from, register } of wanted.values()) {
      if (this.#entries.has(key)) continue;
      const mine = new Registrar(this.#workbench.registries);
      this.#entries.set(key, { from, entry: mine });
      register(mine);
    }
  }

  #wanted({ commands, menus, keybindings, views, statusItems }: ContributionsInfo): readonly Entry[] {
    const states = this.#statusItems.get();
    return [
      ...commands.map((each) => this.#command(each, menus)),
      ...menus.filter(({ place }) => place !== 'commandPalette').map((each) => this.#menu(each)),
      ...keybindings.flatMap((each) => this.#keys(each)),
      ...views.filter(({ when }) => this.#holds(when)).flatMap((each) => this.#view(each)),
      ...statusItems
        .filter(({ id, when }) => states.get(id)?.text !== undefined && this.#holds(when))
        .map((each) => this.#statusItem(each)),
    ];
  }

  /** An absent clause holds; one that cannot be read does not. */
  #holds(when: string | undefined, target: Target = {}): boolean {
    if (when === undefined) return true;
    const clause = clauseOf(when);
    return clause.ok && holds(clause.value, { ...whenContext(this.#host, this.#workbench), ...target });
  }

  #command(info: CommandInfo, menus: readonly MenuItemInfo[]): Entry {
    const { command, title, category, icon, enablement } = info;
    const inPalette = menus.filter((menu) => menu.place === 'commandPalette' && menu.command === command);
    return entry('command', command, [title, category, icon, enablement, inPalette], (register) =>
      register.command({
        id: ownId(command),
        title,
        ...(category !== undefined && { category }),
        ...(icon !== undefined && { icon }),
        isEnabled: (target) => this.#holds(enablement, target),
        isInPalette: () => inPalette.length === 0 || inPalette.some(({ when }) => this.#holds(when)),
        run: (target) => this.#run(info, target),
      }),
    );
  }

  async #run({ command, title }: CommandInfo, target: Target): Promise<void> {
    const reply = await this.#host.api.runCommand(command, target);
    if (!reply.ok) throw new TuttiError(reply.error);
    const { result } = reply.value;
    if (typeof result === 'string' && result !== '')
      this.#workbench.notify(result.slice(0, 2000), { passing: true });
    else this.#host.announce(localize('extensionPoints.done', '{0}: done', title));
  }

  #menu({ place, command, group, when }: MenuItemInfo): Entry {
    return entry('menu', `${place} ${command} ${when ?? ''}`, [group], (register) =>
      register.menu({
        id: `extension ${place} ${command} ${when ?? ''}`,
        ...{ place, command: ownId(command) },
        // Ours have no group and stand first.
        group: `extension ${group ?? ''}`,
        isShown: (target) => this.#holds(when, target),
      }),
    );
  }

  #keys({ command, key, mac, when, arguments: target }: KeybindingInfo): readonly Entry[] {
    const keybinding = chordOfExtension(key, mac);
    if (keybinding === undefined) return [];
    const id = `${command} ${keybinding} ${when ?? ''}`;
    return [
      entry('keys', id, [target], (register) =>
        register.keys({
          id: `extension ${id}`,
          ...{ command: ownId(command), keybinding },
          isActive: () => this.#holds(when),
          ...(target && { target }),
        }),
      ),
    ];
  }

  /** The part, and the command that shows it. */
  #view(info: ViewInfo): readonly Entry[] {
    const { id, name: title, icon = 'extensions', place, type, columns, url, extension } = info;
    // Not `ready`: a view that is looked at is not drawn anew when its code comes.
    const view = {
      id,
      name: title,
      icon,
      place,
      type,
      extension,
      ...(columns && { columns }),
      ...(url !== undefined && { url }),
    };
    const workbench = this.#workbench;
    const part = {
      id: ownId(id),
      title,
      icon,
      order: 200,
      component: () => createElement(ContributedView, { view, ready: this.#ready }),
    };
    const activity = place === 'panel' || place === 'editor' ? undefined : place;
    return [
      entry('view', id, [view], (register) => {
        if (place === 'panel') register.part({ ...part, location: 'panel' });
        else if (activity === undefined) register.part({ ...part, location: 'editor' });
        else register.part({ ...part, location: 'sideBar', activity });
      }),
      entry('show', id, [title, icon, place], (register) =>
        register.command({
          id: `${ownId(id)} show`,
          title: localize('extensionPoints.show', 'Show {0}', title),
          category: localize('view.category', 'View'),
          icon,
          run: () => {
            if (place === 'panel') workbench.openPanel(ownId(id));
            else if (activity === undefined) workbench.openEditor(ownId(id));
            else workbench.openActivity(activity, true);
          },
        }),
      ),
    ];
  }

  #statusItem({ id, alignment = 'left', priority = 0 }: StatusItemInfo): Entry {
    // Higher stands farther outside, but never outside of ours.
    const far = Math.max(-99, Math.min(99, priority));
    const order = alignment === 'left' ? 200 - far : far - 200;
    return entry('status', id, [alignment, priority], (register) =>
      register.statusItem({
        id: ownId(id),
        ...{ side: alignment, order },
        component: () => createElement(ContributedStatusItem, { id, states: this.#statusItems }),
      }),
    );
  }
}

/** What is shown depends on something; menus and commands ask their clauses when they open and run. */
const hasClauses = ({ views, statusItems }: ContributionsInfo): boolean =>
  [...views, ...statusItems].some(({ when }) => when !== undefined);

const entry = (kind: string, id: string, from: readonly unknown[], register: Entry['register']): Entry => ({
  key: `${kind} ${id}`,
  from: JSON.stringify(from),
  register,
});

const clauses = new Map<string, ReturnType<typeof parseWhen>>();

/** Clauses are read once: they are asked whenever something changes. */
function clauseOf(text: string): ReturnType<typeof parseWhen> {
  const known = clauses.get(text) ?? parseWhen(text);
  clauses.set(text, known);
  return known;
}
