import { beforeEach, describe, expect, it } from 'vitest';
import { Emitter, ok } from '@tutti/base';
import type { ContributionMessage, ContributionsInfo, StatusInfo } from '@tutti/common';
import {
  ExtensionPoints,
  type ContributingHost,
} from '../../../src/parts/extension-points/extension-points.ts';
import type { HostView } from '../../../src/api/host.ts';
import { menuGroups } from '../../../src/workbench/menu-entries.ts';
import { partAt } from '../../../src/workbench/registry.ts';
import { Workbench } from '../../../src/workbench/workbench.ts';
import { noContributions } from '../../stand-in/sample-contributions.ts';
import { sampleState } from '../../stand-in/sample-state.ts';

const extension = 'acme.levels';
const full: ContributionsInfo = {
  ...noContributions,
  commands: [
    { command: 'levels.show', title: 'Show loudness', category: 'Levels', extension, ready: false },
    { command: 'levels.reset', title: 'Reset', enablement: '!locked', extension, ready: false },
  ],
  menus: [
    { place: 'receivers/item', command: 'levels.reset', when: "receiver.encoding == 'L24'", extension },
    { place: 'receivers/item', command: 'levels.show', group: '1', extension },
    { place: 'commandPalette', command: 'levels.reset', when: 'false', extension },
  ],
  keybindings: [{ command: 'levels.reset', key: 'mod+shift+l', when: 'count.receivers > 0', extension }],
  views: [
    { id: 'levels.tree', name: 'Loudness', type: 'tree', place: 'streams', extension, ready: false },
    { id: 'levels.table', name: 'History', type: 'table', place: 'panel', extension, ready: false },
    {
      id: 'levels.page',
      name: 'Page',
      type: 'web',
      place: 'editor',
      when: 'locked',
      extension,
      ready: false,
    },
  ],
  statusItems: [{ id: 'levels.state', label: 'Levels', alignment: 'right', extension, text: '-23 LUFS' }],
};

let said: ContributionsInfo;
let view: HostView;
let ran: unknown[];
let workbench: Workbench;
const messages = new Emitter<ContributionMessage>();
const changed = new Emitter<void>();
const host: ContributingHost = {
  onContribution: messages.event,
  subscribe: (listener) => {
    const subscription = changed.event(listener);
    return () => subscription.dispose();
  },
  getView: () => view,
  announce: () => undefined,
  api: {
    contributions: () => Promise.resolve(ok(said)),
    runCommand: (id, args) => {
      ran.push([id, args]);
      return Promise.resolve(ok({ result: null }));
    },
  },
};

const settle = () => new Promise((done) => setTimeout(done));
const say = async (next: ContributionsInfo): Promise<void> => {
  said = next;
  messages.fire({ kind: 'contributions' });
  await settle();
};
const setStatus = (status: Partial<StatusInfo>): void => {
  const state = sampleState('');
  view = { connection: 'live', since: 0, state: { ...state, status: { ...state.status, ...status } } };
  changed.fire();
};
const [receiver] = sampleState('').receivers;
if (!receiver) throw new Error('the sample has no receiver');

beforeEach(() => {
  ran = [];
  setStatus({});
  workbench = new Workbench();
});

describe('what extensions contribute', () => {
  it('stands in the registries of our own parts, and goes with its extension', async () => {
    const points = new ExtensionPoints(host, workbench);
    await say(full);
    const { registries } = workbench;
    const sizes = () => Object.values(registries).map(({ size }) => size);
    expect(partAt(registries.parts, 'sideBar', 'extension/levels.tree')).toMatchObject({
      activity: 'streams',
    });
    expect(partAt(registries.parts, 'panel', 'extension/levels.table')?.title).toBe('History');
    expect(registries.statusItems.get('extension/levels.state')?.side).toBe('right');
    await say(noContributions);
    expect(sizes()).toEqual([0, 0, 0, 0, 0, 0]);
    await say(full);
    points.dispose();
    expect(sizes()).toEqual([0, 0, 0, 0, 0, 0]);
    expect([messages.listenerCount, changed.listenerCount]).toEqual([0, 0]);
  });

  it('keeps what did not change: a view that is looked at is not drawn anew when its code comes', async () => {
    const points = new ExtensionPoints(host, workbench);
    await say(full);
    const before = workbench.registries.parts.get('panel:extension/levels.table');
    await say({ ...full, views: full.views.map((each) => ({ ...each, ready: true })) });
    expect(workbench.registries.parts.get('panel:extension/levels.table')).toBe(before);
    points.dispose();
  });

  it('runs commands with what their menu was opened on, where their clauses hold', async () => {
    const points = new ExtensionPoints(host, workbench);
    await say(full);
    const { registries } = workbench;
    const titles = (target: object) =>
      menuGroups(registries, 'receivers/item', { ...target }).map((group) => group.map(({ title }) => title));
    expect(titles({ receiver })).toEqual([['Reset'], ['Show loudness']]);
    expect(titles({ receiver: { ...receiver, encoding: 'L16' } })).toEqual([['Show loudness']]);
    await workbench.run('extension/levels.reset', { receiver });
    expect(ran).toEqual([['levels.reset', { receiver }]]);
    setStatus({ lock: { since: '2026-01-01T00:00:00Z' } });
    await workbench.run('extension/levels.reset', { receiver });
    expect(ran).toHaveLength(1);
    points.dispose();
  });

  it('has keys while their clause holds, and is in the palette unless its manifest says otherwise', async () => {
    const points = new ExtensionPoints(host, workbench);
    await say(full);
    const bound = () => workbench.keybindings.commandsFor('Ctrl+Shift+L').map(({ command }) => command.id);
    expect(bound()).toEqual(['extension/levels.reset']);
    view = { ...view, state: { ...sampleState(''), receivers: [] } };
    expect(bound()).toEqual([]);
    const { commands } = workbench.registries;
    expect(commands.get('extension/levels.show')?.isInPalette?.()).toBe(true);
    expect(commands.get('extension/levels.reset')?.isInPalette?.()).toBe(false);
    points.dispose();
  });

  it('comes and goes as the state of the host makes a clause hold', async () => {
    const points = new ExtensionPoints(host, workbench);
    await say(full);
    const page = () => partAt(workbench.registries.parts, 'editor', 'extension/levels.page');
    expect(page()).toBeUndefined();
    setStatus({ lock: { since: '2026-01-01T00:00:00Z' } });
    expect(page()?.title).toBe('Page');
    setStatus({});
    expect(page()).toBeUndefined();
    points.dispose();
  });

  it('stands in the status bar once it has said something', async () => {
    const points = new ExtensionPoints(host, workbench);
    const silent = full.statusItems.map(({ id, label, extension }) => ({ id, label, extension }));
    await say({ ...full, statusItems: silent });
    expect(workbench.registries.statusItems.size).toBe(0);
    messages.fire({ kind: 'statusItems', items: full.statusItems });
    expect(workbench.registries.statusItems.size).toBe(1);
    messages.fire({ kind: 'statusItems', items: silent });
    expect(workbench.registries.statusItems.size).toBe(0);
    points.dispose();
  });
});
