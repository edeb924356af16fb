import type { TableRow, TreeItem } from '@tutti/api';
import type { ContributionsInfo } from '@tutti/common';

/** As if no extension added anything to the workbench. */
export const noContributions: ContributionsInfo = {
  ...{ commands: [], menus: [], keybindings: [], views: [] },
  ...{ statusItems: [], diagnosis: [], hal: [], discovery: [] },
};

const extension = 'acme.levels';

/** What an extension that measures loudness might add. */
export const sampleContributions: ContributionsInfo = {
  ...noContributions,
  commands: [
    {
      command: 'levels.reset',
      title: 'Begin anew',
      category: 'Loudness',
      icon: 'debug-restart',
      extension,
      ready: true,
    },
  ],
  menus: [{ command: 'levels.reset', place: 'view/item', extension }],
  views: [
    {
      id: 'levels.tree',
      name: 'Loudness',
      type: 'tree',
      icon: 'dashboard',
      place: 'streams',
      extension,
      ready: true,
    },
    {
      ...{ id: 'levels.table', name: 'Loudness', type: 'table', place: 'panel', extension, ready: true },
      columns: [
        { id: 'programme', label: 'Programme' },
        { id: 'integrated', label: 'Integrated, LUFS', type: 'number' },
        { id: 'peak', label: 'True peak, dBTP', type: 'number' },
        { id: 'ok', label: 'EBU R 128', type: 'boolean' },
      ],
    },
  ],
  statusItems: [
    {
      id: 'levels.state',
      label: 'Loudness',
      alignment: 'right',
      extension,
      text: '−22.8 LUFS',
      tooltip: 'Loudest programme',
    },
  ],
};

export const sampleItems = (parent: string | undefined): readonly TreeItem[] =>
  parent === undefined
    ? [
        { id: 'stagebox', label: 'Stagebox Left 1-8', icon: 'radio-tower', children: 'expanded' },
        { id: 'foh', label: 'FOH Matrix Out', icon: 'radio-tower', children: 'expanded' },
        { id: 'avio', label: 'AVIO-USB-0a4f1c : 2', icon: 'radio-tower', children: 'collapsed' },
      ]
    : ['Integrated', 'Short term', 'Range'].map((label, i) => ({
        id: `${parent} ${label}`,
        label,
        description: ['−23.1 LUFS', '−22.8 LUFS', '6.4 LU'][i] ?? '',
      }));

export const sampleRows: readonly TableRow[] = [
  'News at noon',
  'Opera live',
  'Talk',
  'Weather',
  'Late concert',
].map((programme, i) => ({
  id: String(i),
  cells: { programme, integrated: -23.4 + i / 5, peak: -3.2 - i / 5, ok: i !== 3 },
}));
