import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Locator, Page } from 'playwright-core';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { newPage, openWorkbench } from './browser.ts';
import { engineLogText, sampleEvents } from './stand-in/sample-extras.ts';
import { sampleArrivals, sampleClock } from './stand-in/sample-measurements.ts';
import { sampleContributions } from './stand-in/sample-contributions.ts';
import { sdpText } from './stand-in/sample-state.ts';
import { useStandIn } from './use-stand-in.ts';

const standIn = useStandIn();
const { host } = standIn;
let page: Page;
beforeEach(() => {
  ({ page } = standIn);
});

const open = (to = page): Promise<void> => openWorkbench(to, standIn.address);

const activity = (name: string) => page.getByRole('navigation').getByRole('button', { name });
const changed = (pattern: RegExp) =>
  vi.waitFor(() => expect(host.changes.find((change) => pattern.test(change))).toBeDefined(), 30_000);
const runCommand = async (name: string): Promise<void> => {
  await page.keyboard.press('F1');
  await page.getByRole('searchbox', { name: 'Commands' }).fill(name);
  await chooseFirst(name);
};
/** The first that was found has the keyboard's attention: Enter chooses it. */
const chooseFirst = async (name: string | RegExp): Promise<void> => {
  await page.locator('[role=menuitem][data-focused]').filter({ hasText: name }).waitFor();
  await page.keyboard.press('Enter');
};
const notice = (text: string) => page.getByRole('region', { name: 'Notifications' }).getByText(text);

describe('the frame', () => {
  it('finds commands, sessions and channels by typing, keeps its layout, splits and closes editors by keyboard', async () => {
    await open();
    await runCommand('Open settings');
    await page.getByRole('tab', { name: 'Settings', exact: true }).waitFor();
    await page.keyboard.press('Control+p');
    await page.getByRole('searchbox', { name: 'Go to' }).fill('input 17');
    await page.getByRole('menuitem', { name: /Input 17 FOH Matrix Out 1 “Kick”/ }).waitFor();
    await page.getByRole('searchbox', { name: 'Go to' }).fill('avio');
    await chooseFirst(/^AVIO/);
    const rows = page.getByRole('grid', { name: 'Sessions' }).getByRole('row');
    await vi.waitFor(async () => expect(await rows.count()).toBe(2), 30_000);

    await page.keyboard.press('Control+\\');
    await vi.waitFor(async () => expect(await page.getByRole('tablist').count()).toBe(3), 30_000);
    await page.keyboard.press('Control+j');
    await page.getByRole('tab', { name: 'Meters' }).waitFor({ state: 'detached' });
    await page.reload();
    await page.getByRole('tab', { name: 'Settings', exact: true }).waitFor();
    expect(await page.getByRole('tablist').count()).toBe(2);
    expect(await page.getByRole('tab', { name: 'Meters' }).count()).toBe(0);
    await page.getByRole('tab', { name: 'Settings', exact: true }).focus();
    await page.keyboard.press('Delete');
    await page.getByRole('tab', { name: 'Settings', exact: true }).waitFor({ state: 'detached' });
  });

  it('lets a person choose other keys, and says when two commands want the same', async () => {
    await open();
    await runCommand('Open keyboard shortcuts');
    await page.getByRole('searchbox', { name: 'Filter commands' }).fill('toggle');
    await page.getByRole('button', { name: 'Change keys of View: Toggle side bar' }).click();
    await page.keyboard.press('Control+j');
    await page.getByText('used twice').first().waitFor();
    await page.getByRole('button', { name: 'Reset keys of View: Toggle side bar' }).click();
    await page.getByText('used twice').first().waitFor({ state: 'detached' });
  });

  it('keeps in sight what can be done, and names whole, in a window of 1280 pixels with its side bar open', async () => {
    host.contributions = sampleContributions;
    await page.setViewportSize({ width: 1280, height: 800 });
    await open();
    await page.keyboard.press('Control+b');
    await page.getByRole('treegrid', { name: 'Loudness' }).waitFor();
    const isWithin = (inner: Locator, outer: string): Promise<boolean> =>
      inner.evaluate((element, selector) => {
        const [of, within] = [
          element.getBoundingClientRect(),
          element.closest(selector)?.getBoundingClientRect(),
        ];
        return within !== undefined && of.left >= within.left && of.right <= within.right;
      }, outer);
    const more = page.getByRole('grid', { name: 'Sessions' }).getByRole('button', { name: /^More for FOH/ });
    await vi.waitFor(async () => expect(await isWithin(more, '[role=grid]')).toBe(true), 30_000);
    for (const outer of ['li', 'ul'])
      for (const name of ['enp3s0', 'enp4s0'])
        expect(await isWithin(page.getByRole('contentinfo').getByText(name, { exact: true }), outer)).toBe(
          true,
        );
  });

  it('shows what takes long and lets it be cancelled', async () => {
    standIn.expected = /ERR_|net::/;
    await open();
    await page.route('**/api/v1/extensions/acme.levels/enable', () => undefined);
    await activity('Extensions').click();
    await page.getByRole('button', { name: 'Enable Loudness' }).click();
    await page.getByText('The host is working…').waitFor();
    await page.getByRole('contentinfo').getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('alert').getByText('Cancelled before the host answered.').waitFor();
  });
});

describe('receiving', () => {
  it('takes an SDP that is pasted, and a session that is dragged by keyboard', async () => {
    await open();
    await page.getByRole('heading', { name: 'Sessions' }).waitFor();
    await page.evaluate(
      (text) => {
        const data = new DataTransfer();
        data.setData('text/plain', text);
        document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }));
      },
      sdpText('Pasted', 2, ['239.5.5.6']),
    );
    await page.getByRole('dialog').getByText('Pasted', { exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });

    await page.getByRole('row', { name: /AVIO/ }).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await vi.waitFor(
      async () =>
        expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toMatch(
          /^Drop/,
        ),
      30_000,
    );
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Receive AVIO-USB-0a4f1c : 2' }).waitFor();
  });
});

describe('settings', () => {
  it('are changed by form, refused with a reason, reset, and the same in every browser', async () => {
    standIn.expected = /422/;
    const other = await newPage(standIn.browser);
    await open();
    await open(other);
    for (const each of [page, other])
      await each.getByRole('navigation').getByRole('button', { name: 'Settings' }).click();
    const ttl = page.getByRole('textbox', { name: 'senders.ttl' });
    await ttl.fill('999');
    await ttl.press('Enter');
    await page.getByText('must be <= 255').waitFor();
    await ttl.fill('16');
    await ttl.press('Enter');
    await changed(/^PATCH \/settings {"senders.ttl":16}$/);
    await vi.waitFor(
      async () => expect(await other.getByRole('textbox', { name: 'senders.ttl' }).inputValue()).toBe('16'),
      30_000,
    );
    await other.getByRole('button', { name: 'Reset senders.ttl to its default' }).click();
    await vi.waitFor(async () => expect(await ttl.inputValue()).toBe('32'), 30_000);
    await page.getByRole('searchbox', { name: 'Search settings' }).fill('link offset');
    expect(await page.getByRole('textbox').count()).toBe(1);
    await other.context().close();
  });

  it('leave what somebody types alone when somebody else changes the same one, and the field after Enter', async () => {
    await open();
    await activity('Settings').click();
    const ttl = page.getByRole('textbox', { name: 'senders.ttl' });
    const changeElsewhere = (value: number): void => {
      const { path, settings } = host.state.settings;
      const changedOne = settings.map((each) => (each.key === 'senders.ttl' ? { ...each, value } : each));
      host.change({ settings: { path, settings: changedOne } });
    };
    await ttl.fill('16');
    changeElsewhere(64);
    await page.getByText('It was changed to 64 meanwhile.').waitFor();
    expect(await ttl.inputValue()).toBe('16');
    await ttl.blur(); // nobody has decided
    await ttl.press('Escape');
    expect(await ttl.inputValue()).toBe('64');
    expect(host.changes).toEqual([]);
    await ttl.fill('17');
    changeElsewhere(65);
    await page.getByText('It was changed to 65 meanwhile.').waitFor();
    await ttl.press('Enter');
    await changed(/^PATCH \/settings {"senders.ttl":17}$/);
    await page.getByText('meanwhile').waitFor({ state: 'detached' });
    expect(await ttl.evaluate((field) => field === document.activeElement)).toBe(true);
    expect(await ttl.inputValue()).toBe('17');
  });
});

describe('extensions', () => {
  it('say why they are off, are switched, and installed from a file', async () => {
    await open();
    await activity('Extensions').click();
    await page.getByText('It ended three times in five minutes.').waitFor();
    await page.getByRole('button', { name: 'Enable Loudness' }).click();
    await changed(/^POST \/extensions\/acme.levels\/enable/);
    await page.getByRole('button', { name: 'Disable Loudness' }).waitFor();
    await page.getByRole('button', { name: 'Disable AES67' }).click();
    await page.getByRole('alertdialog').getByText('tutti.ravenna').waitFor();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Disable' }).click();
    await changed(/^POST \/extensions\/tutti.aes67\/disable {"force":true}$/);
    const file = { name: 'dropped.tutti', mimeType: 'application/zip', buffer: Buffer.from('PK') };
    await page.locator('input[type=file]').setInputFiles(file);
    await notice('Dropped 1.0.0 is installed.').waitFor();
    await page.locator('input[type=file]').setInputFiles({ ...file, name: 'photo.png' });
    await notice('photo.png is no package.').waitFor();
  });
});

describe('a large network', () => {
  it('scrolls 500 sessions and 10,000 events with only those in sight in the document', async () => {
    const [first] = host.state.sessions;
    if (!first) throw new Error('the sample has no session');
    host.change({
      sessions: Array.from({ length: 500 }, (_, i) => ({ ...first, id: `x${i}`, name: `Session ${i}` })),
    });
    host.events = sampleEvents(10_000);
    await open();
    const sessions = page.getByRole('grid', { name: 'Sessions' });
    expect(await sessions.getAttribute('aria-rowcount')).toBe('501');
    expect(await sessions.getByRole('row').count()).toBeLessThan(30);
    await page.getByRole('tab', { name: 'Events' }).click();
    await page.getByText('10000 events').waitFor();
    const events = page.getByRole('table', { name: 'Events' });
    expect(await events.getByRole('row').count()).toBeLessThan(30);
    for (const list of [sessions, events]) {
      const { longest, added } = await list.evaluate(async (element) => {
        const scrolled = { longest: 0, added: 0 };
        const observer = new MutationObserver((changes) => {
          const nodes = changes.flatMap(({ addedNodes }) => [...addedNodes]);
          scrolled.added += nodes.filter((node) => node instanceof Element && node.role === 'row').length;
        });
        observer.observe(element, { childList: true, subtree: true });
        for (let i = 0; i <= 20; i++) {
          const before = performance.now();
          element.scrollTop = (element.scrollHeight * i) / 20;
          await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
          scrolled.longest = Math.max(scrolled.longest, performance.now() - before);
        }
        observer.disconnect();
        return scrolled;
      });
      console.log(`longest frame while scrolling: ${longest.toFixed(0)} ms, ${added} rows added`);
      // Rows of texts are used again. Those of sessions are not: the focus may be in one, and stays with its session.
      if (list === events) expect(added).toBeLessThan(20);
      expect(await list.getByRole('row').count()).toBeLessThan(30);
    }
    await sessions.getByText('Session 499').waitFor();
  });
});

describe('names from outside', () => {
  it('harm nothing: markup, reversed text, ten thousand letters, emoji', async () => {
    const names = [
      '<img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>',
      '\u202Egnp.exe\u202D \u2066 right to left \u05D0\u05D1',
      'A'.repeat(10_000),
      '🎚️🔊👩‍🎤 Bühne ' + '\u0301'.repeat(200),
    ];
    const { sessions, receivers, senders } = host.state;
    const named = <T>(items: readonly T[]) =>
      items.map((item, i) => ({ ...item, name: names[i % names.length] ?? '' }));
    host.change({ sessions: named(sessions), receivers: named(receivers), senders: named(senders) });
    await open();
    await page.getByRole('grid', { name: 'Senders' }).waitFor();
    await page.getByRole('tab', { name: /^Problems/ }).click();
    await page.keyboard.press('Control+p');
    await page.getByRole('menuitem').first().waitFor();
    expect(await page.title()).toBe('AES67 Device – Tutti');
    expect(await page.locator('img[src=x]').count()).toBe(0);
    const width = await page.evaluate(() => [document.body.scrollWidth, window.innerWidth]);
    expect(width[0]).toBeLessThanOrEqual(width[1] ?? 0);
  });
});

describe('the languages of the page', () => {
  /** The same in every language, and names of settings, which are keys. */
  const universal =
    /^(tutti|khz|ms|dbfs|mbit|sap|sdp|dscp|ttl|http|ptp|dns|rtsp|ctrl|shift|alt|aes|json|mono|csv|png|ppm)$/;

  /** What the widgets' library says in its own words, in its own languages. */
  const ofTheLibrary = /Click to start dragging|Press Enter to start dragging|Dismiss/g;

  it('leave no text outside: in the pseudo language every word is marked or comes from the host', async () => {
    await page.addInitScript(() => {
      localStorage.setItem('tutti.locale', 'pseudo');
      const painted = new Set<string>();
      Object.assign(window, { painted });
      for (const { prototype } of [CanvasRenderingContext2D, OffscreenCanvasRenderingContext2D]) {
        const original = prototype.fillText;
        prototype.fillText = function (text: string, x: number, y: number) {
          painted.add(text);
          original.call(this as never, text, x, y);
        };
      }
    });
    await page.goto(standIn.address);
    await page.getByText('⟦Cóññéçťéď⟧', { exact: true }).waitFor();
    const words = new Map<string, string>();
    const look = async (where: string): Promise<void> => {
      await page.waitForTimeout(200);
      for (const word of await plainWords()) if (!words.has(word)) words.set(word, where);
    };
    const activities = page.getByRole('navigation').getByRole('button');
    for (let i = 0; i < (await activities.count()); i++) {
      await activities.nth(i).click();
      await look((await activities.nth(i).textContent()) ?? '');
    }
    const panels = page.locator('.panel-list').getByRole('tab');
    for (let i = 0; i < (await panels.count()); i++) {
      await panels.nth(i).click();
      await look((await panels.nth(i).textContent()) ?? '');
    }
    await activities.first().click();
    for (const button of ['Réçéívé Stagebox', 'Áďď šéñďéř', 'Réçéívé fřóm SDP']) {
      await page.getByRole('button', { name: button }).first().click();
      await page.getByRole('dialog').waitFor();
      await look(button);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
    await page.keyboard.press('F1');
    await look('palette');
    const known = JSON.stringify([
      ...[host.state, host.events, sampleClock(host.state.status.clock), sampleArrivals()],
      engineLogText,
      host.settingsText,
    ]).toLowerCase();
    const left = [...words].filter(([word]) => !known.includes(word) && !universal.test(word));
    expect(left).toEqual([]);
  });

  /** Words of plain letters in texts, labels and on canvases: what was localised has its letters marked. */
  function plainWords(): Promise<string[]> {
    return page.evaluate((library) => {
      const texts = [...(window as unknown as { painted: Set<string> }).painted];
      const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
      for (let node = walk.nextNode(); node; node = walk.nextNode()) {
        if (node instanceof Element) {
          if (node.closest('script, style')) continue;
          for (const name of ['aria-label', 'title', 'placeholder', 'aria-valuetext', 'aria-description'])
            texts.push(node.getAttribute(name) ?? '');
        } else if (!node.parentElement?.closest('script, style, noscript'))
          texts.push(node.textContent ?? '');
      }
      return texts
        .map((text) => text.replace(/⟦[^⟧]*⟧?/g, ' ').replace(new RegExp(library, 'g'), ' '))
        .flatMap((text) => text.toLowerCase().match(/(?<![\p{L}\p{N}])[a-z]{3,}(?![\p{L}\p{N}])/gu) ?? []);
    }, ofTheLibrary.source);
  }
});

describe('accessibility (axe)', () => {
  const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  const themes = [
    ['dark', ''],
    ['light', ''],
    ['dark', 'high'],
    ['light', 'high'],
  ] as const;
  const parts = ['Streams', 'Routing', 'Statistics', 'Clock', 'Device', 'Extensions', 'Settings'];

  it('finds nothing in any part, in any of the four themes', async () => {
    await open();
    await page.evaluate(axeSource);
    const found: string[] = [];
    const look = async (where: string): Promise<void> => {
      await page.waitForTimeout(200);
      for (const theme of themes) {
        await page.evaluate(([name, contrast]) => {
          const { dataset } = document.documentElement;
          dataset['theme'] = name;
          if (contrast) dataset['contrast'] = contrast;
          else delete dataset['contrast'];
        }, theme);
        // Structure does not depend on colours: looked at once. What separates two landmarks is in neither.
        const rules = theme === themes[0] ? '{}' : "{ runOnly: ['color-contrast'] }";
        const run = `axe.run({ exclude: ['.sash'] }, { ...${rules}, resultTypes: ['violations'] })`;
        const { violations } = await page.evaluate<AxeResults>(run);
        for (const { id, nodes } of violations)
          for (const { html } of nodes) found.push(`${theme.join(' ')}, ${where}: ${id}: ${html}`);
      }
    };
    for (const name of parts) {
      await activity(name).click();
      await look(name);
    }
    await page.getByRole('button', { name: 'Edit as JSON' }).first().click();
    await page.getByRole('textbox', { name: 'Settings file' }).waitFor();
    await look('settings file');
    for (const name of ['Output', 'Events', /^Problems/]) {
      await page.getByRole('tab', { name }).click();
      await look(String(name));
    }
    expect(found).toEqual([]);
  });
});
