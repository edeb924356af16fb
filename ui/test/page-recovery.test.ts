import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { openWorkbench } from './browser.ts';
import { sampleContributions } from './stand-in/sample-contributions.ts';
import { sdpText } from './stand-in/sample-state.ts';
import { useStandIn } from './use-stand-in.ts';

const standIn = useStandIn();
const { host } = standIn;
let page: Page;
beforeEach(() => {
  ({ page } = standIn);
});

const open = (): Promise<void> => openWorkbench(page, standIn.address);

describe('code that could not be loaded', () => {
  it('is loaded when somebody tries again', async () => {
    standIn.expected = /ERR_|Failed to fetch dynamically|error/i;
    await open();
    await page.route('**/chunks/code-mirror-*.js', (route) => route.abort());
    await page.getByRole('button', { name: 'SDP of FOH Matrix Out' }).click();
    const again = page.getByRole('button', { name: 'Try again' });
    await again.click();
    await page.getByText('Loading the editor…').waitFor({ state: 'detached' });
    await page.unrouteAll();
    await again.click();
    await page.getByRole('textbox', { name: 'SDP of FOH Matrix Out' }).waitFor();
  });
});

describe('another version of Tutti under the page', () => {
  it('is told, with the way to load its page', async () => {
    await open();
    host.change({ status: { ...host.state.status, version: '0.2.0' } });
    const notices = page.getByRole('region', { name: 'Notifications' });
    await notices.getByText('Tutti is version 0.2.0 now').waitFor();
    const loaded = page.waitForEvent('load');
    await notices.getByRole('button', { name: 'Reload' }).click();
    await loaded;
    await page.getByRole('contentinfo').getByText('Connected', { exact: true }).waitFor();
    expect(await notices.count()).toBe(0);
  });
});

describe('the settings file that could not be read', () => {
  const text = () => page.getByRole('textbox', { name: 'Settings file' });

  beforeEach(async () => {
    standIn.expected = /ERR_|WebSocket/;
    await open();
    await page.route('**/settings/file', (route) => route.abort());
    await page.getByRole('navigation').getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('button', { name: 'Edit as JSON' }).first().click();
    await page.getByRole('alert').getByText('The host does not answer.').waitFor();
    await page.unrouteAll();
  });

  it('is read when somebody asks for it again', async () => {
    await page.getByRole('button', { name: 'Read again' }).click();
    await text().waitFor();
  });

  it('is read when the connection is back', async () => {
    const port = Number(new URL(host.origin).port);
    await host.stop();
    await page.getByText('No connection to the host').waitFor();
    await host.start(port);
    await text().waitFor();
    await page.getByRole('alert').waitFor({ state: 'detached' });
  });
});

describe('a view of an extension', () => {
  it('is asked for anew when something of it may not have been heard', async () => {
    host.contributions = sampleContributions;
    await open();
    await page.keyboard.press('Control+b');
    const tree = page.getByRole('treegrid', { name: 'Loudness' });
    await tree.getByRole('row', { name: 'Stagebox Left 1-8' }).waitFor();
    await page.route('**/views/levels.tree/children', (route) =>
      route.fulfill({ json: [{ id: 'new', label: 'Came meanwhile' }] }),
    );
    host.tell({ kind: 'contributions' });
    await tree.getByRole('row', { name: 'Came meanwhile' }).waitFor();
  });
});

describe('the SDP of a sender', () => {
  const address = (text: string) => page.locator('.cm-line', { hasText: text }).first();
  const changeSender = (to: string): void =>
    host.change({
      senders: host.state.senders.map((each) =>
        each.id === 's1' ? { ...each, legs: [{ address: to, port: 5004, interface: 'enp3s0' }] } : each,
      ),
    });

  it('says why it is missing, and is another one when the sender is', async () => {
    standIn.expected = /ERR_/;
    await open();
    await page.route('**/senders/s1/sdp', (route) => route.abort());
    await page.getByRole('button', { name: 'SDP of sender Playback A' }).click();
    await page.getByRole('alert').getByText('The host does not answer.').waitFor();
    await page.unrouteAll();
    changeSender('239.69.20.41');
    await address('239.69.20.41').waitFor();
    await page.getByRole('alert').waitFor({ state: 'detached' });
    changeSender('239.69.20.42');
    await address('239.69.20.42').waitFor();
  });

  it('follows its session while there is one', async () => {
    await open();
    await page.getByRole('button', { name: 'SDP of sender Playback A' }).click();
    await address('239.69.20.1').waitFor();
    const [first] = host.state.sessions;
    if (!first) throw new Error('the sample has no session');
    for (const to of ['239.69.20.51', '239.69.20.52']) {
      const own = { ...first, id: 'own', senderId: 's1', sdp: sdpText('Playback A', 8, [to]) };
      host.change({ sessions: [first, own] });
      await address(to).waitFor();
    }
  });
});
