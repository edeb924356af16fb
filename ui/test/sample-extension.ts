import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const manifest = {
  ...{ publisher: 'acme', name: 'levels', displayName: 'Loudness', version: '1.0.0', type: 'module' },
  engines: { tutti: '*' },
  main: './main.js',
  contributes: {
    commands: [
      { command: 'levels.measure', title: 'Measure loudness', category: 'Loudness', icon: 'dashboard' },
      { command: 'levels.forget', title: 'Forget this one', icon: 'trash' },
      { command: 'levels.locked', title: 'Only while locked', enablement: 'locked' },
    ],
    menus: {
      commandPalette: [{ command: 'levels.forget', when: 'false' }],
      'view/item': [
        { command: 'levels.forget', when: "view.id == 'levels.tree' && item.kind == 'programme'" },
      ],
      'sessions/item': [{ command: 'levels.measure', when: 'session.state' }],
      'extensions/item': [{ command: 'levels.measure' }],
    },
    keybindings: [{ command: 'levels.measure', key: 'mod+alt+m', arguments: { by: 'key' } }],
    views: {
      streams: [{ id: 'levels.tree', name: 'Loudness', type: 'tree', icon: 'dashboard' }],
      panel: [
        {
          ...{ id: 'levels.table', name: 'Loudness history', type: 'table' },
          columns: [
            { id: 'name', label: 'Programme' },
            { id: 'lufs', label: 'LUFS', type: 'number' },
            { id: 'done', label: 'Done', type: 'boolean' },
          ],
        },
      ],
      editor: [{ id: 'levels.page', name: 'Loudness meter', type: 'web', entry: 'page/index.html' }],
    },
    statusItems: [{ id: 'levels.state', label: 'Loudness', alignment: 'right' }],
  },
};

const code = `

export function activate({ api, subscriptions }) {
  let programmes = ['Opera', 'News', 'Talk'];
  let measured = 0;
  const listeners = new Set();
  const onDidChange = (listener) => {
    listeners.add(listener);
    return { dispose: () => listeners.delete(listener) };
  };
  const status = subscriptions.add(api.statusItems.createItem('levels.state'));
  const page = subscriptions.add(api.views.registerWebView('levels.page', {
    onMessage: (message) => message === 'fail' ? Promise.reject(new Error('refused on purpose')) : ({ heard: message, measured }),
  }));
  const show = () => status.update({
    text: 'Loudness ' + measured,
    tooltip: 'How often it was measured',
    severity: measured > 1 ? 'warning' : 'info',
    command: { id: 'levels.measure', arguments: { by: 'status' } },
  });
  show();
  subscriptions.add(api.commands.registerCommand('levels.measure', async ({ by, session, extension }) => {
    measured += 1;
    show();
    page.post({ measured });
    return 'Measured by ' + (by ?? session?.name ?? extension?.id ?? 'nobody');
  }));
  subscriptions.add(api.commands.registerCommand('levels.locked', () => 'locked'));
  subscriptions.add(api.commands.registerCommand('levels.forget', ({ item }) => {
    programmes = programmes.filter((each) => each !== item.id);
    for (const listener of listeners) listener(undefined);
  }));
  subscriptions.add(api.views.registerTree('levels.tree', {
    onDidChange,
    children: async (parent) => parent === undefined
      ? programmes.map((id) => ({ id, label: id, icon: 'broadcast', children: 'collapsed', context: { kind: 'programme' } }))
      : [{ id: parent + ' now', label: 'now', description: '−23 LUFS' }],
  }));
  subscriptions.add(api.views.registerTable('levels.table', {
    rows: async ({ offset, limit, sort }) => {
      const all = Array.from({ length: 500 }, (_, i) => ({
        id: String(i),
        cells: { name: 'Programme ' + i, lufs: -23 - (i % 7), done: i % 2 === 0 },
      }));
      if (sort) all.sort((a, b) => (sort.descending ? -1 : 1) * (a.cells[sort.column] < b.cells[sort.column] ? -1 : 1));
      return { total: all.length, rows: all.slice(offset, offset + limit) };
    },
  }));
}
`;

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>Loudness meter</title>
    <link rel="stylesheet" href="page.css" />
  </head>
  <body>
    <h1>Loudness meter</h1>
    <dl>
      <dt>Answer</dt><dd id="answer">none</dd>
      <dt>Failure</dt><dd id="failure">none</dd>
      <dt>Measured</dt><dd id="measured">0</dd>
      <dt>Reaches</dt><dd id="reach">asking</dd>
    </dl>
    <script src="page.js"></script>
  </body>
</html>
`;

const pageCode = `
const show = (id, text) => { document.getElementById(id).textContent = text; };
const ask = (message) => new Promise((done) => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }) => done(data);
  parent.postMessage(message, '*', [port2]);
});
addEventListener('message', ({ data }) => show('measured', String(data.measured)));
ask({ hello: 1 }).then(({ result }) => show('answer', JSON.stringify(result)));
ask('fail').then(({ error }) => show('failure', error.message));
(async () => {
  const reached = [];
  try { if (parent.document) reached.push('workbench'); } catch {}
  try { localStorage.setItem('a', 'b'); reached.push('storage'); } catch {}
  show('reach', reached.join(' ') || 'nothing');
})();
`;

/** Writes an extension that contributes one of everything that the workbench shows. @returns its folder. */
export function writeSampleExtension(parent: string): string {
  const folder = join(parent, 'levels');
  mkdirSync(join(folder, 'page'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest, undefined, 2));
  writeFileSync(join(folder, 'main.js'), code);
  writeFileSync(join(folder, 'page/index.html'), page);
  writeFileSync(join(folder, 'page/page.js'), pageCode);
  writeFileSync(join(folder, 'page/page.css'), ':root { color-scheme: light dark; font: 14px system-ui; }\n');
  return folder;
}
