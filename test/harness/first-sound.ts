import type { Browser, Page } from 'playwright-core';
import { complaintsOf, connected, launchChromiumAt } from './chromium.ts';
import { gstreamerSend } from './gstreamer.ts';
import type { Lab } from './lab.ts';
import { makePipe } from './process.ts';
import { announce } from './sap.ts';
import { generate } from './signal.ts';
import { foreignSdp, wireFormat, type Stream } from './stream.ts';
import { Tutti, type TuttiOptions } from './tutti.ts';

/** The way of a newcomer from nothing to eight channels of sound. */
export interface FirstSound {
  /** What a hand did, in order: each is one press of the mouse. */
  readonly gestures: readonly string[];
  /** Milliseconds since `tutti serve` was started. */
  readonly times: readonly { readonly what: string; readonly ms: number }[];
  readonly tutti: Tutti;
  readonly browser: Browser;
  readonly page: Page;
  readonly complaints: readonly string[];
}

export const streamName = 'Stage box';
/** Where the first of the eight channels goes. */
export const firstInput = 17;

const stream: Stream = {
  ...{ encoding: 'L24', rate: 48_000, channels: 8, frames: 48 },
  ...{ address: '239.10.4.1', port: 5004, payloadType: 98 },
};
/** The grid as it is at a first visit: cells of 16 pixels, a gap of 5 between groups of 16. */
const [cell, gap] = [16, 5];
/** The page's, so that it stays what it was when the host is started again. Below those that the system gives out. */
const port = 8067;

/**
 * Starts a sender that we did not write, then host, engine and browser from cold; goes to Routing and drags the header of the
 * stream onto input 17. Done when all eight inputs have a signal. The caller closes the browser and stops Tutti.
 *
 * @param settings those of a first start unless somebody says otherwise.
 */
export async function firstSound(lab: Lab, settings?: TuttiOptions['settings']): Promise<FirstSound> {
  const toSender = makePipe(lab.file('to-sender'));
  const signal = { kind: 'prbs', channels: stream.channels, rate: stream.rate, bits: 24 } as const;
  generate(lab, lab.peer, signal, wireFormat(stream), 'endless', toSender.write);
  gstreamerSend(lab, lab.peer, stream, toSender.read);

  const times: { what: string; ms: number }[] = [];
  const began = performance.now();
  const at = (what: string): number => times.push({ what, ms: performance.now() - began });
  const tutti = await Tutti.start(lab, lab.tutti, { port, ...(settings && { settings }) });
  at('host and engine answer');
  const browser = await launchChromiumAt(lab, lab.tutti);
  at('the browser runs');
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(60_000);
  const complaints = complaintsOf(page);
  await page.goto(tutti.url);
  await connected(page);
  at('the page is there');
  // A sender announces itself every half minute; this one does it now.
  await announce(lab, lab.peer, foreignSdp(stream, lab.peer.address, streamName));
  at('the sender announces itself');

  const gestures: string[] = [];
  await page.getByRole('navigation').getByRole('button', { name: 'Routing' }).click();
  gestures.push('choose Routing in the activity bar');
  await page.getByRole('button', { name: new RegExp(streamName) }).waitFor();
  at('its channels are in the grid');
  await dragHeader(page);
  gestures.push(`drag the header of “${streamName}” onto input ${firstInput}`);
  at('they are dragged onto the inputs');
  await signalOnAll(page);
  at('sound on all eight inputs');
  return { gestures, times, tutti, browser, page, complaints };
}

/** The channel map shows a signal on every input that the stream was dragged onto. */
export async function signalOnAll(page: Page): Promise<void> {
  for (let i = 0; i < stream.channels; i++) {
    const slot = `Input ${firstInput + i}, ${i + 1} of ${streamName}, with signal`;
    await page.getByRole('option', { name: slot, exact: true }).waitFor();
  }
}

/** From the header of the only stream to the row of the first input. */
async function dragHeader(page: Page): Promise<void> {
  const box = await page.locator('.crosspoint-scroller').boundingBox();
  const first = await page.locator('.crosspoint-cursor').boundingBox();
  if (!box || !first) throw new Error('there is no grid');
  const x = first.x + cell / 2;
  const row = firstInput - 1;
  await page.mouse.move(x, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(x, first.y + cell / 2);
  await page.mouse.move(x, first.y + row * cell + gap * Math.floor(row / 16) + cell / 2);
  await page.mouse.up();
}
