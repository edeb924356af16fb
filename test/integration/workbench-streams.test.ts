import { writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { play } from '../harness/alsa.ts';
import { Avahi } from '../harness/avahi.ts';
import { saved } from '../harness/chromium.ts';
import { gstreamerReceive } from '../harness/gstreamer.ts';
import { makePipe } from '../harness/process.ts';
import { announce } from '../harness/sap.ts';
import { check, generate } from '../harness/signal.ts';
import { foreignSdp, type Stream } from '../harness/stream.ts';
import { Tutti } from '../harness/tutti.ts';
import { ambience, eventually, linkOffsetMs, stageBox, useWorkbench } from '../harness/workbench.ts';
import { joined } from '../harness/wait.ts';

describe('streams in the page of a running instance', () => {
  // Statistics that are in front ask about a receiver that has just been taken away.
  const bench = useWorkbench(/404/);
  const dialog = () => bench().dialog();
  const button = (name: string | RegExp) => bench().page.getByRole('button', { name });
  const sessions = () => bench().page.getByRole('grid', { name: 'Sessions', exact: true });
  const healthy = (name: string) => button(new RegExp(`^Health of ${name}: Healthy`)).waitFor();
  const peerSdp = (stream: Stream, name: string, id: number): string =>
    foreignSdp(stream, bench().lab.peer.address, name, id);
  const receivers = async () =>
    (await bench().receivers()).map(({ name, map, legs }) => ({ name, map, to: legs[0]?.address }));
  /** Accepts the dialog that receives something, and waits for its samples. */
  async function receiveInDialog(map: string, name: string): Promise<void> {
    await dialog().getByLabel('Channels to inputs').fill(map);
    await dialog().getByLabel('Link offset (ms)').fill(String(linkOffsetMs));
    await dialog().getByRole('button', { name: 'Receive', exact: true }).click();
    await dialog().waitFor({ state: 'detached' });
    await bench().show('Streams');
    await healthy(name);
  }

  test('a session has one row whoever saw it, is found by any of its words, and is kept when it is gone', async () => {
    const { page, lab } = bench();
    await bench().show('Streams');
    await bench().send('Programme', '1-2');
    const ours = bench().row('Sessions', /Programme/);
    await ours.getByText('ours').waitFor();
    expect(await ours.count()).toBe(1);
    const gone = { ...ambience, address: '239.10.5.5' };
    await bench().announce(gone, 'Passing by', 5);
    await bench()
      .row('Sessions', /Passing by/)
      .getByText('Announced')
      .waitFor();
    await announce(lab, lab.peer, peerSdp(gone, 'Passing by', 5), 'delete');
    await bench()
      .row('Sessions', /Passing by/)
      .getByText('Gone')
      .waitFor();

    const shows = (what: string, names: readonly RegExp[]) =>
      eventually(what, async () => {
        const rows = (await sessions().getByRole('row').allTextContents()).slice(1);
        return rows.length === names.length && rows.every((row, i) => names[i]?.test(row));
      });
    const filter = page.getByRole('searchbox', { name: 'Filter sessions' });
    await filter.fill('box 8 ch 239.10.5.1');
    await shows('the one that is looked for', [/Stage box/]);
    await filter.fill('nobody');
    await page.getByText('No session matches').waitFor();
    await filter.fill('');
    const choose = (state: string) => bench().choose('Sessions to show', state);
    await choose('Gone');
    await shows('what is gone', [/Passing by/]);
    await choose('Ours');
    await shows('what is ours', [/Programme/]);
    await bench().receive('Stage box', '1-8:1-8');
    await choose('Received');
    await shows('what is received', [/Stage box/]);
    await choose('All');
  });

  test('a session that is announced by SAP and by RAVENNA is one row, which names both', async () => {
    const { lab } = bench();
    await bench().show('Streams');
    const avahi = await Avahi.start(lab, lab.peer);
    const there = await Tutti.start(lab, lab.peer, { environment: avahi.environment });
    await there.ok('sender', 'add', '--name', 'Both ways', '--channels', '1-2', '--dest', '239.10.5.30:5004');
    const row = bench().row('Sessions', /Both ways/);
    await row.getByText(/^(?=.*ravenna net0)(?=.*sap net0)/).waitFor();
    expect(await row.count()).toBe(1);
    await there.stop();
    await row.getByText('Gone').waitFor();
  });

  test('a session is received by a drag onto the receivers, and its samples arrive', async () => {
    const { page } = bench();
    await bench().show('Streams');
    await bench()
      .row('Sessions', /Stage box/)
      .getByText('Stage box')
      .dragTo(page.getByRole('heading', { name: 'Receivers' }));
    await page.getByRole('dialog', { name: 'Receive Stage box' }).waitFor();
    await dialog().getByText('first free inputs (1–8 now)').waitFor();
    await receiveInDialog('1-8:9-16', 'Stage box');
    const row = bench().row('Receivers', /Stage box/);
    await row.getByText('1–8 → 9–16').waitFor();
    expect((await receivers())[0]?.map).toHaveLength(8);
    await button('Remove receiver Stage box').click();
    await dialog().getByText('Inputs 9–16 go silent.').waitFor();
    await dialog().getByRole('button', { name: 'Remove' }).click();
    await row.waitFor({ state: 'detached' });
    expect(await receivers()).toEqual([]);
    await bench().notice('Receiver Stage box removed.').waitFor();
    await button('Undo').click();
    await row.getByText('1–8 → 9–16').waitFor();
    const [again] = await bench().receivers();
    expect(again).toMatchObject({ name: 'Stage box', linkOffsetMs });
    expect(again?.map.map(([, input]) => input)).toEqual([9, 10, 11, 12, 13, 14, 15, 16]);
  });

  test('a session is dragged to the receivers with the keyboard alone', async () => {
    const { page } = bench();
    await bench().show('Streams');
    await bench()
      .row('Sessions', /Stage box/)
      .focus();
    await page.keyboard.press('ArrowRight');
    await eventually('its handle', async () =>
      button('Drag Stage box').evaluate((handle) => handle === document.activeElement),
    );
    await page.keyboard.press('Enter');
    const target = button('Drop a session or an SDP here to receive it');
    await eventually('the place to drop it', async () =>
      target.evaluate((place) => place === document.activeElement),
    );
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Receive Stage box' }).waitFor();
  });

  test('an SDP is received that is pasted, dropped as a file, or picked; what is none is said to be none', async () => {
    const { page, lab } = bench();
    await bench().show('Streams');
    const sdp = peerSdp(stageBox, 'By hand', 6);
    await page.evaluate((text) => {
      const data = new DataTransfer();
      data.setData('text/plain', text);
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }));
    }, sdp);
    await dialog().getByText('L24 · 48 kHz · 8 ch · 1 ms').waitFor();
    await receiveInDialog('1:1', 'By hand');

    const zone = page.locator('.drop-zone');
    const file = (name: string, content: string): string => {
      const path = lab.file(name);
      writeFileSync(path, content);
      return path;
    };
    await bench().dropFile(zone, file('photo.png', 'PNG'));
    await bench().notice('What was dropped is no session description.').waitFor();
    await bench().dropFile(zone, file('dropped.sdp', peerSdp(stageBox, 'Dropped', 7)));
    await dialog().getByText('Dropped', { exact: true }).waitFor();
    await receiveInDialog('2:2', 'Dropped');

    await button('Receive from SDP…').click();
    await dialog().getByLabel('SDP', { exact: true }).fill('hello');
    await dialog().getByText('Error, line 1, column 1').waitFor();
    const chooser = page.waitForEvent('filechooser');
    await dialog().getByRole('button', { name: 'Read from a file…' }).click();
    await (await chooser).setFiles(file('picked.sdp', peerSdp(stageBox, 'Picked', 8)));
    await dialog().getByText('Picked', { exact: true }).waitFor();
    await receiveInDialog('3:3', 'Picked');
    expect((await receivers()).map(({ name, map }) => [name, map])).toEqual([
      ['By hand', [[1, 1]]],
      ['Dropped', [[2, 2]]],
      ['Picked', [[3, 3]]],
    ]);
  });

  test('the form of a sender says what is wrong as it is typed, and a peer hears every sample', async () => {
    const { page, lab, tutti } = bench();
    await bench().show('Streams');
    await button('Add sender…').click();
    await dialog().getByLabel('Name').fill('To the van');
    const outputs = dialog().getByLabel('Device outputs');
    await outputs.fill('1-');
    await dialog().getByText('"1-" is not a channel or a range of channels.').waitFor();
    await outputs.fill('1-16');
    await dialog()
      .getByText(/2304 of 1440 bytes\. .* Too big/)
      .waitFor();
    await outputs.fill('1-2');
    await dialog().getByText('2 ch × 48 frames: 288 of 1440 bytes. 2.9 Mbit/s, 1000 packets/s.').waitFor();
    const destination = dialog().getByLabel('Destination');
    await destination.fill('224.0.0.5');
    await dialog().getByText('224.0.0.5 belongs to the network').waitFor();
    await destination.fill('239.10.5.20:5004');
    await dialog().getByText('224.0.0.5 belongs to the network').waitFor({ state: 'detached' });
    await dialog().getByRole('button', { name: 'Add sender' }).click();
    await bench()
      .row('Senders', /To the van/)
      .getByText('1–2 → 1–2')
      .waitFor();

    const [sender] = await bench().senders();
    const stream: Stream = { ...ambience, address: '239.10.5.20', payloadType: sender?.payloadType ?? 0 };
    const signal = { kind: 'prbs', channels: 2, rate: stream.rate, bits: 24 } as const;
    const fromPeer = makePipe(lab.file('from-peer'));
    const heard = check(lab, lab.peer, signal, 's24be', 1, fromPeer.read);
    const receiver = gstreamerReceive(lab, lab.peer, stream, fromPeer.write);
    await joined(lab.peer, stream.address);
    const toDevice = makePipe(lab.file('to-device'));
    // While it plays it is in the list of those that have the device open.
    await bench().show('Device');
    const source = generate(lab, lab.tutti, signal, 's32le', 'endless', toDevice.write);
    const player = await play(tutti, { first: 1, channels: 2 }, 's32le', stream.rate, toDevice.read);
    await page.getByRole('grid', { name: 'Applications' }).getByRole('row', { name: 'aplay' }).waitFor();
    await source.stop();
    await player.succeed(30_000);
    await receiver.stop('SIGINT', 1000);
    const { ok, text } = await heard.verdict;
    expect(ok, text).toBe(true);

    await bench().show('Streams');
    await button('SDP of sender To the van').click();
    await page.getByText(`a=rtpmap:${stream.payloadType} L24/48000/2`).waitFor();
    const exported = await saved(page.getByRole('button', { name: 'Export' }));
    expect(exported.name).toBe('To the van.sdp');
    const sdp = exported.content.toString();
    expect(sdp).toContain('c=IN IP4 239.10.5.20/');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy', exact: true }).click();
    await page.getByRole('button', { name: 'Copied', exact: true }).waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied.split(/\r?\n/)).toEqual(sdp.split(/\r?\n/));
    await page.keyboard.press('Alt+w');
    await button('Remove sender To the van').click();
    await dialog().getByRole('button', { name: 'Remove' }).click();
    await eventually('no sender', async () => (await bench().senders()).length === 0);
    await button('Undo').click();
    await eventually('the same sender', async () => {
      const [again] = await bench().senders();
      return again?.payloadType === stream.payloadType && again.legs[0]?.address === stream.address;
    });
  });

  test('an SDP is changed by hand, with what is wrong underlined, and received', async () => {
    const { page } = bench();
    await bench().show('Streams');
    await button('SDP of Stage box').click();
    const text = page.getByRole('textbox', { name: 'SDP of Stage box' });
    await text.click();
    await page.keyboard.press('Control+Home');
    await page.keyboard.type('hello\n');
    const underlined = page.locator('.cm-lintRange-warning', { hasText: 'hello' });
    await underlined.waitFor();
    await page
      .getByRole('list', { name: 'Remarks about the SDP' })
      .getByText('Warning, line 1, column 1: This is not an x=value line')
      .waitFor();
    await button('As announced').click();
    await underlined.waitFor({ state: 'detached' });
    await page.getByText('s=Stage box').click();
    await page.keyboard.press('End');
    await page.keyboard.type(' again');
    await button('Receive…').click();
    await receiveInDialog('8:8', 'Stage box again');
  });

  test('sessions and channels are found by a few letters, wherever one is', async () => {
    const { page } = bench();
    await bench().receive('Stage box', '1-8:17-24');
    await bench().show('Clock');
    await page.keyboard.press('Control+p');
    const field = page.getByRole('searchbox', { name: 'Go to' });
    await field.fill('stage');
    await bench().chooseFirst(/^Stage box/);
    await eventually('its row alone', async () => (await sessions().getByRole('row').count()) === 2);
    await page.keyboard.press('Control+p');
    await field.fill('input 19');
    await bench().chooseFirst(/Input 19 ?Stage box 3/);
    await bench()
      .slot(/^Input 19, 3 of Stage box/)
      .waitFor();
    await bench().show('Streams');
    await page.getByRole('searchbox', { name: 'Filter sessions' }).fill('');
  });

  test('green means that samples arrive: each link says why it holds or not, with its number and what to do', async () => {
    const { page } = bench();
    await bench().announce({ ...ambience, address: '239.10.5.3' }, 'Lost box', 3);
    await bench().show('Streams');
    await bench().receive('Stage box', '1-8:1-8');
    await bench().receive('Ambience', '1-2:9-10');
    await bench().receive('Lost box', '1-2:11-12');
    await button(/^Health of Stage box/).click();
    const links = dialog().getByRole('listitem');
    const titles = ['Link', 'Connection', 'Synchronisation', 'Stream', 'Signal'];
    await eventually('five links that hold, each with its number', async () => {
      const texts = await links.allInnerTexts();
      const holds = (title: string, i: number): boolean =>
        new RegExp(`^${title}\\s+Healthy\\s+\\S.*\\d`, 's').test(texts[i] ?? '');
      return texts.length === titles.length && titles.every(holds);
    });
    await page.keyboard.press('Escape');
    await button(/^Health of Ambience/).click();
    await eventually('silence', async () => /silence/i.test(await links.nth(4).innerText()));
    await page.keyboard.press('Escape');
    await button(/^Health of Lost box: Unhealthy\. No packet/).click();
    await eventually('no packet, and what to do', async () =>
      /Connection\s+Unhealthy\s+No packet.*What to do:/s.test(await dialog().innerText()),
    );
    await page.keyboard.press('Escape');
    await page.getByRole('tab', { name: /^Problems/ }).click();
    await page
      .getByText(/^No packet/)
      .first()
      .waitFor();
    await page.getByRole('tab', { name: 'Meters' }).click();
  });

  test('what is no stream as announced is said with its reason: other packets, another clock, no input', async () => {
    const { page, tutti } = bench();
    const receive = (stream: Stream, name: string, id: number, input: number, clock = '') =>
      bench().api<{ id: string }>('/receivers', 'POST', {
        sdp: peerSdp(stream, name, id) + clock,
        map: `1:${input}`,
        linkOffsetMs,
      });
    await receive({ ...stageBox, payloadType: 97 }, 'Other type', 11, 21);
    await receive({ ...stageBox, channels: 7 }, 'Seven', 12, 22);
    const grandmaster = 'a=ts-refclk:ptp=IEEE1588-2008:AC-DE-48-23-45-67-01-9F:42\r\na=mediaclk:direct=0\r\n';
    await receive(stageBox, 'Elsewhere', 13, 23, grandmaster);
    const { id } = await receive(stageBox, 'Nowhere', 14, 24);
    await tutti.said('route', 'clear', id);
    await bench().show('Streams');
    await button(/^Health of Other type: Unhealthy\. Packets carry another payload type/).waitFor();
    await button(/^Health of Seven: Unhealthy\. Packets are not whole frames of 7 channels of L24/).waitFor();
    for (const [name, title, said] of [
      ['Seven', 'Stream', /Unhealthy\s+.*not whole frames.*refused in.*What to do:/s],
      ['Elsewhere', 'Synchronisation', /The sender runs on another clock/],
      ['Nowhere', 'Signal', /Unhealthy\s+.*No channel goes to a device input.*0 routes/s],
    ] as const) {
      await button(new RegExp(`^Health of ${name}`)).click();
      const link = dialog().getByRole('listitem').filter({ hasText: title });
      await eventually(`${name}: ${title}`, async () => said.test((await link.allInnerTexts()).join('\n')));
      await page.keyboard.press('Escape');
      await dialog().waitFor({ state: 'detached' });
    }
  });

  test('the meters show the level of each input, by pointer and to those who do not see them', async () => {
    const { page } = bench();
    await bench().receive('Stage box', '1-8:1-8');
    await page.getByRole('tab', { name: 'Meters' }).click();
    const meter = page.getByRole('meter', { name: 'Input 1, Stage box 1' });
    await eventually('a loud input', async () => {
      const isThere = (await meter.count()) > 0;
      return isThere && Number(await meter.getAttribute('aria-valuenow')) > -20;
    });
    expect(await page.getByRole('meter', { name: /^Input 100/ }).count()).toBe(0);
    const canvas = page.getByLabel('Read one input meter');
    const picture = () => canvas.evaluate((element) => (element as HTMLCanvasElement).toDataURL());
    const box = await canvas.boundingBox();
    if (!box) throw new Error('no meters');
    await page.mouse.move(box.x + 30, box.y + 60);
    // One of the first: a channel is a few pixels wide.
    await page.getByText(/^Input (\d) · Stage box \1 · −?\d+\.\d dBFS · hold/).waitFor();
    await page.mouse.move(0, 0);
    const loud = await picture();
    await bench().clear();
    await eventually('another picture', async () => (await picture()) !== loud);
  });

  test('statistics are saved as a picture and as a table', async () => {
    await bench().receive('Stage box', '1-8:1-8');
    await bench().show('Statistics');
    const rows = async (): Promise<readonly string[]> => {
      const { name, content } = await saved(button('Save Margin and buffer as CSV'));
      expect(name).toBe('Stage box margin over time.csv');
      return content.toString('utf8').trim().split('\r\n');
    };
    await eventually('two seconds of numbers', async () => {
      const [header, ...lines] = await rows();
      expect(header).toBe('time,margin_min_ms,margin_max_ms,buffered_ms');
      return lines.filter((line) => /^\d{4}-\d\d-\d\dT[\d:.]+Z,-?\d.*,-?\d.*,\d/.test(line)).length >= 2;
    });
    const picture = await saved(button('Save Jitter as PNG'));
    expect(picture.name).toBe('Stage box jitter.png');
    expect(picture.content.subarray(1, 4).toString()).toBe('PNG');
    expect(picture.content.readUInt32BE(16)).toBeGreaterThan(300);
  });

  test('what takes long is said and can be cancelled; what then comes is shown', async () => {
    const { page } = bench();
    await bench().show('Streams');
    bench().expected = /failed$|ERR_/;
    await page.route('**/api/v1/receivers', () => undefined);
    await button('Receive Stage box').click();
    await dialog().getByRole('button', { name: 'Receive', exact: true }).click();
    await page.getByRole('contentinfo').getByText('The host is working…').waitFor();
    await dialog().getByRole('button', { name: 'Cancel' }).click();
    await dialog().getByRole('alert').getByText('Cancelled before the host answered.').waitFor();
    await page.unrouteAll();
    await dialog().getByRole('button', { name: 'Receive', exact: true }).click();
    await bench()
      .row('Receivers', /Stage box/)
      .waitFor();
  });

  test('names from the network harm nothing: markup, reversed text, a thousand letters, emoji', async () => {
    const { page } = bench();
    const names = [
      '<img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>',
      '\u202Egnp.exe\u202D \u2066 right to left \u05D0\u05D1',
      'A'.repeat(900),
      '🎚️🔊👩‍🎤 Bühne ' + '\u0301'.repeat(100),
    ];
    for (const [i, name] of names.entries())
      await bench().announce({ ...stageBox, address: `239.10.5.${30 + i}` }, name, 30 + i);
    await bench().receive(names[0] ?? '', '1-8:101-108');
    await bench().show('Streams');
    await eventually('all of them', async () => {
      const found = await bench().api<{ name: string }[]>('/sessions');
      return names.every((name) => found.some((each) => each.name === name));
    });
    await bench()
      .row('Receivers', /<img src=x/)
      .waitFor();
    for (const activity of ['Routing', 'Statistics']) await bench().show(activity);
    await page.getByRole('tab', { name: 'Events' }).click();
    await page.keyboard.press('Control+p');
    await page.getByRole('searchbox', { name: 'Go to' }).fill('img');
    await page.getByRole('menuitem').first().waitFor();
    await page.keyboard.press('Escape');
    expect(await page.title()).toMatch(/ – Tutti$/);
    expect(await page.locator('img[src=x]').count()).toBe(0);
    const [content = 0, view = 0] = await page.evaluate(() => [document.body.scrollWidth, window.innerWidth]);
    expect(content).toBeLessThanOrEqual(view);
  });
});
