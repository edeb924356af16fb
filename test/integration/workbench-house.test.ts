import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AccessInfo } from '@tutti/common';
import { violationsInAllThemes } from '../harness/axe.ts';
import { connected, launchChromiumAt } from '../harness/chromium.ts';
import { writeExtension } from '../harness/foreign-extension.ts';
import { problemOf } from '../harness/tutti.ts';
import { ambience, eventually, newPage, useWorkbench } from '../harness/workbench.ts';

describe('the workbench of a running instance', () => {
  const bench = useWorkbench();
  const button = (name: string | RegExp) => bench().page.getByRole('button', { name });
  const tab = (name: string | RegExp) => bench().page.getByRole('tab', { name });

  test('the layout, and what was open, is there again after a reload; the token is not in the address', async () => {
    const { page } = bench();
    await bench().show('Settings');
    await page.keyboard.press('Control+\\');
    await eventually('two editors and a panel', async () => (await page.getByRole('tablist').count()) === 3);
    await page.keyboard.press('Control+j');
    await tab('Meters').waitFor({ state: 'detached' });
    expect(page.url()).not.toContain('token');
    await page.reload();
    await connected(page);
    await tab('Settings').first().waitFor();
    expect(await page.getByRole('tablist').count()).toBe(2);
    await page.keyboard.press('Control+j');
    await tab('Meters').waitFor();
    await bench().run('View: Reset layout');
    await eventually('one editor', async () => (await page.getByRole('tablist').count()) === 2);
  });

  test('a person chooses other keys, which work, and is told when two commands want the same', async () => {
    const { page } = bench();
    const command = 'View: Toggle side bar';
    await bench().run('View: Open keyboard shortcuts');
    await page.getByRole('searchbox', { name: 'Filter commands' }).fill('toggle');
    await button(`Change keys of ${command}`).click();
    await page.keyboard.press('Control+j');
    await page.getByText('used twice').first().waitFor();
    await button(`Change keys of ${command}`).click();
    await page.keyboard.press('Control+Alt+b');
    await page.getByText('used twice').first().waitFor({ state: 'detached' });
    const sash = page.getByRole('separator', { name: 'Resize side bar' });
    const before = await sash.count();
    await page.keyboard.press('Control+Alt+b');
    await eventually('the other state', async () => (await sash.count()) !== before);
    await page.keyboard.press('Control+Alt+b');
    await eventually('the state before', async () => (await sash.count()) === before);
    await button(`Reset keys of ${command}`).click();
    await page.keyboard.press('Alt+w');
  });

  test('each of the four themes has colours of its own, and the one that was chosen is kept', async () => {
    const { page } = bench();
    const look = () =>
      page.evaluate(() => {
        const { backgroundColor, color } = getComputedStyle(document.body);
        const { theme, contrast } = document.documentElement.dataset;
        return `${theme} ${contrast} ${backgroundColor} ${color}`;
      });
    const seen = new Set<string>();
    for (const name of ['High contrast, dark', 'High contrast, light', 'Dark', 'Light']) {
      await button(/^Theme: /).click();
      await page.getByRole('menuitemradio', { name, exact: true }).click();
      await button(`Theme: ${name}`).waitFor();
      seen.add(await look());
    }
    expect(seen.size).toBe(4);
    await page.reload();
    await connected(page);
    expect([...seen].at(-1)).toBe(await look());
    await button('Theme: Light').click();
    await page.getByRole('menuitemradio', { name: 'As the system' }).click();
  });

  describe('axe finds nothing in any of the four themes, with streams that run, are silent and in trouble,', () => {
    const look = async (where: string, within: string): Promise<void> =>
      expect(await violationsInAllThemes(bench().page, where, within)).toEqual([]);
    const closeDialog = async (): Promise<void> => {
      await bench().page.keyboard.press('Escape');
      await bench().dialog().waitFor({ state: 'detached' });
    };

    beforeEach(async () => {
      await bench().announce({ ...ambience, address: '239.10.5.3' }, 'Lost box', 3);
      for (const [name, map] of [
        ['Stage box', '1-8:1-8'],
        ['Ambience', '1-2:9-10'],
        ['Lost box', '1-2:11-12'],
      ] as const)
        await bench().receive(name, map);
      await bench().send('Programme', '1-2');
      await bench().show('Streams');
      await button(/^Health of Stage box: Healthy/).waitFor();
      await button(/^Health of Lost box: Unhealthy/).waitFor();
    });
    afterEach(async () => {
      await bench().page.reload();
      await connected(bench().page);
    });

    test('in the lists, in what is said of a receiver, and in the form of a sender with something wrong', async () => {
      await look('Streams', 'body');
      await button(/^Health of Lost box/).click();
      await bench().dialog().getByText('What to do:').first().waitFor();
      await look('health', '[role=dialog]');
      await closeDialog();
      await button('Add sender…').click();
      await bench().dialog().getByLabel('Destination').fill('224.0.0.5');
      await bench().dialog().getByText('belongs to the network').waitFor();
      await look('sender form', '[role=dialog]');
      await closeDialog();
    }, 300_000);

    test('in every dialog', async () => {
      for (const [what, open] of [
        ['receive', () => button('Receive Stage box').click()],
        ['receive from SDP', () => button('Receive from SDP…').click()],
        ['removal', () => button('Remove receiver Lost box').click()],
        ['counters', () => button('All counters of receiver Stage box').click()],
        ['lock', () => button('Unlocked').click()],
        ['password', () => bench().run('Access: Set a password')],
      ] as const) {
        await open();
        await bench().dialog().waitFor();
        await look(what, '[role=dialog], [role=alertdialog]');
        await closeDialog();
      }
    }, 300_000);

    test('in every other part, in the panel and in the palette', async () => {
      const { page } = bench();
      for (const name of ['Routing', 'Statistics', 'Clock', 'Device', 'Extensions', 'Settings']) {
        await bench().show(name);
        await page.getByRole('heading', { name, level: 2 }).first().waitFor();
        await look(name, '.editors');
      }
      await bench().run('View: Open the settings file');
      await page.getByRole('textbox', { name: 'Settings file' }).waitFor();
      await look('settings file', '.editors');
      for (const name of ['Output', 'Events', /^Problems/]) {
        await tab(name).click();
        await look(String(name), '.panel-area');
      }
      await page.keyboard.press('F1');
      await page.getByRole('menuitem').first().waitFor();
      await look('commands', '.palette');
      await page.keyboard.press('Escape');
      await tab('Meters').click();
      await page.keyboard.press('Alt+w');
    }, 300_000);
  });

  test('an extension is installed by dropping its package, works, is switched off and on, and removed', async () => {
    const { page, lab, tutti } = bench();
    bench().expected = /4\d\d/;
    const folder = writeExtension(lab, {
      name: 'greeter',
      activate: `subscriptions.add(api.commands.registerCommand('greeter.greet', () => 'Good evening'));`,
      manifest: {
        displayName: 'Greeter',
        contributes: { commands: [{ command: 'greeter.greet', title: 'Greet everybody' }] },
      },
    });
    const packed = lab.file('greeter.tutti');
    await tutti.said('extension', 'pack', folder, '--out', packed);
    await bench().show('Extensions');
    const part = page.getByRole('list', { name: 'Extensions' });
    const card = part.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'Greeter' }) });
    for (const [name, said] of [
      ['photo.png', /photo\.png is no package\./],
      ['damaged.tutti', /package|zip/i],
    ] as const) {
      const file = lab.file(name);
      writeFileSync(file, 'PK');
      await bench().dropFile(part, file);
      await bench().notice(said).first().waitFor();
      await bench().run('View: Close all notifications');
    }
    await bench().dropFile(part, packed);
    await bench().notice('Greeter 1.0.0 is installed.').waitFor();
    await card.getByText('Registered').waitFor();
    await bench().run('Greet everybody');
    await bench().notice('Good evening').waitFor();
    await card.getByText('Active').waitFor();

    await button('Disable Greeter').click();
    await bench().dialog().getByText('No stream stops with it.').waitFor();
    await bench().dialog().getByRole('button', { name: 'Disable' }).click();
    await card.getByText('Somebody switched it off.').waitFor();
    await button('Enable Greeter').click();
    await card.getByText('Registered').waitFor();
    await button('Log of Greeter').click();
    await page.getByRole('tabpanel', { name: 'Output' }).getByText('stranger.greeter').first().waitFor();
    await tab('Meters').click();
    await button('Uninstall Greeter').click();
    await bench().dialog().getByRole('button', { name: 'Uninstall' }).click();
    await card.waitFor({ state: 'detached' });

    // One that streams need says so before it goes.
    await bench().receive('Stage box', '1-8:1-8');
    await button('Disable AES67').click();
    await bench().dialog().getByText('Stage box').waitFor();
    await bench().dialog().getByText('the media clock: it would run free').waitFor();
    await bench().dialog().getByRole('button', { name: 'Cancel' }).click();
    expect((await bench().receivers())[0]?.state).not.toBe('failed');
  });

  test('settings are changed by form and as JSON, are in force at once, and reset', async () => {
    const { page, tutti } = bench();
    bench().expected = /400/;
    const kept = (): string => readFileSync(join(tutti.data, 'settings.json'), 'utf8');
    await bench().show('Settings');
    const search = page.getByRole('searchbox', { name: 'Search settings' });
    await search.fill('senders ttl');
    const ttl = page.getByRole('textbox', { name: 'senders.ttl' });
    await eventually('this one alone', async () => (await page.locator('.setting').count()) === 1);
    await ttl.fill('999');
    await ttl.press('Enter');
    await page.getByText('must be <= 255').waitFor();
    await ttl.fill('16');
    await ttl.press('Enter');
    await button('Reset senders.ttl to its default').waitFor();
    expect((await bench().send('Near', '1-2')).ttl).toBe(16);
    expect(JSON.parse(kept())).toMatchObject({ 'senders.ttl': 16 });
    await button('Reset senders.ttl to its default').click();
    await eventually('the default', async () => (await ttl.inputValue()) === '32');
    expect((await bench().send('Far', '3-4')).ttl).toBe(32);
    await search.fill('');

    // The keys of commands work in a field too.
    await ttl.focus();
    await bench().run('View: Open the settings file');
    const text = page.getByRole('textbox', { name: 'Settings file' });
    await text.click();
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText('{\n');
    await page.keyboard.type('"senders.t');
    await page.getByRole('option', { name: /senders\.ttl/ }).click();
    await page.keyboard.press('Backspace');
    await page.keyboard.press('Backspace');
    await page.keyboard.type('"far"');
    await page.keyboard.insertText('\n}\n');
    await page.locator('.cm-lintRange-error').first().waitFor();
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText('{\n  // by hand\n  "senders.ttl": 8\n}\n');
    await button('Save').click();
    await bench().notice('Settings saved.').waitFor();
    expect(kept()).toContain('// by hand');
    expect((await bench().send('Nearer', '5-6')).ttl).toBe(8);
    await page.keyboard.press('Alt+w');
    await bench().api('/settings', 'PATCH', { 'senders.ttl': null });
  });

  test('a device gets another name, which the page and its title take', async () => {
    const { page } = bench();
    await bench().show('Device');
    const rename = async (name: string) => {
      await button('Change…').click();
      await bench().dialog().getByLabel('Name').fill(name);
      await bench().dialog().getByRole('button', { name: 'Apply' }).click();
      await eventually('the new title', async () => (await page.title()) === `${name} – Tutti`);
    };
    const [before = ''] = (await page.title()).split(' – ');
    await rename('Van 3');
    await page.getByText(/driver is in place/).waitFor();
    await rename(before);
  });

  test('a locked show refuses every change, of page and command line, until it is unlocked', async () => {
    const { page, tutti } = bench();
    bench().expected = /423/;
    try {
      await button('Unlocked').click();
      await bench().dialog().getByLabel('Note').fill('on air');
      await bench().dialog().getByRole('button', { name: 'Lock' }).click();
      await button('Locked: on air').waitFor();
      const refused = await tutti.cli('sender', 'add', '--name', 'No', '--channels', '1');
      expect([refused.code, problemOf(refused).code]).toEqual([5, 'locked']);
      await bench().show('Streams');
      await button('Receive Stage box').click();
      await bench().dialog().getByRole('button', { name: 'Receive', exact: true }).click();
      await bench()
        .dialog()
        .getByRole('alert')
        .getByText(/on air/)
        .waitFor();
      await page.keyboard.press('Escape');
      await bench().dialog().waitFor({ state: 'detached' });
      await button('Locked: on air').click();
      await bench().dialog().getByRole('button', { name: 'Unlock' }).click();
      await button('Unlocked').waitFor();
    } finally {
      await bench().api('/lock', 'PUT', { locked: false });
    }
    expect(await bench().receivers()).toEqual([]);
    await bench().receive('Stage box', '1:1');
  });

  test('another machine signs in over TLS with a password that the page set; a viewer only sees, an administrator changes', async () => {
    const { page, lab, browser } = bench();
    const size = { width: 1280, height: 900 };
    const stranger = await newPage(browser, size);
    await stranger.goto(new URL(page.url()).origin);
    await stranger.getByRole('alert').getByText('a token or a sign-in is needed').waitFor();
    await stranger.context().close();

    await bench().run('Access: Set a password');
    await bench().dialog().getByLabel('New password').fill('battery staple');
    await bench().dialog().getByRole('button', { name: 'Set password' }).click();
    await bench().dialog().waitFor({ state: 'detached' });
    await bench().show('Settings');
    const listen = page.getByRole('textbox', { name: 'remote.listen' });
    await listen.fill('0.0.0.0:8443');
    await listen.press('Enter');
    await eventually('TLS', async () => (await bench().api<AccessInfo>('/access')).remote.state === 'on');
    const elsewhere = await launchChromiumAt(lab, lab.peer);
    try {
      // A person compares the fingerprint of the instance's own certificate once.
      const other = await newPage(elsewhere, size, { ignoreHTTPSErrors: true });
      await other.goto(`https://${lab.tutti.address}:8443`);
      const signIn = other.getByRole('button', { name: 'Sign in' });
      await other.getByLabel('Password').fill('not this one');
      await signIn.click();
      await other
        .getByRole('alert')
        .getByText(/password/)
        .waitFor();
      await other.getByLabel('Password').fill('battery staple');
      await signIn.click();
      await connected(other);
      await other.getByRole('contentinfo').getByText('Read only').waitFor();
      await bench().receive('Stage box', '1-8:1-8');
      await other.getByRole('button', { name: /^Health of Stage box: Healthy/ }).waitFor();
      await other.getByRole('button', { name: 'Receive Ambience' }).click();
      const dialog = other.getByRole('dialog');
      await dialog.getByRole('button', { name: 'Receive', exact: true }).click();
      await dialog
        .getByRole('alert')
        .getByText(/look only/)
        .waitFor();
      expect(await bench().receivers()).toHaveLength(1);
      await other.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });

      const signOut = async (): Promise<void> => {
        await other.keyboard.press('F1');
        await other.getByRole('searchbox', { name: 'Commands' }).fill('Access: Sign out');
        await other.locator('[role=menuitem][data-focused]').filter({ hasText: 'Sign out' }).waitFor();
        await other.keyboard.press('Enter');
        await signIn.waitFor();
      };
      await signOut();
      await bench().api('/access/passwords/admin', 'PUT', { password: 'correct horse staple' });
      await other.getByLabel('Password').fill('correct horse staple');
      await signIn.click();
      await connected(other);
      await other.getByRole('button', { name: 'Receive Ambience' }).click();
      await dialog.getByRole('button', { name: 'Receive', exact: true }).click();
      await dialog.waitFor({ state: 'detached' });
      expect(await bench().receivers()).toHaveLength(2);
      await signOut();
      await other.reload();
      await signIn.waitFor();
    } finally {
      await elsewhere.close();
      await bench().api('/settings', 'PATCH', { 'remote.listen': null });
      for (const role of ['viewer', 'admin'])
        await bench()
          .api(`/access/passwords/${role}`, 'DELETE')
          .catch(() => undefined);
    }
  });
});
