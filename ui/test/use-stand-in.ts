import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { buildPage, launchChromium, newPage, watchForFaults } from './browser.ts';
import { StandInHost } from './stand-in/stand-in-host.ts';

/** What {@link useStandIn} prepares; what is not there before the first test is so only while one runs. */
export interface StandIn {
  readonly host: StandInHost;
  readonly browser: Browser;
  readonly address: string;
  /** Empty, and new in every test. */
  readonly page: Page;
  /** Faults of the page that a test brings about itself; forgotten after it. */
  expected: RegExp | undefined;
}

/**
 * One browser and one stand-in host for all tests of a file (starting them is what takes time), and for each a page of its own and the host
 * as it was at first. A test whose page had faults that it did not expect fails.
 */
export function useStandIn(): StandIn {
  const host = new StandInHost();
  // Filled in by the hooks, before anybody can look.
  const used = { host } as { -readonly [K in keyof StandIn]: StandIn[K] };
  let faults: string[];
  beforeAll(async () => {
    buildPage();
    [used.browser, used.address] = await Promise.all([launchChromium(), host.start()]);
  });
  afterAll(async () => {
    await used.browser.close();
    await host.stop();
  });
  beforeEach(async () => {
    host.reset();
    used.expected = undefined;
    used.page = await newPage(used.browser);
    faults = watchForFaults(used.page);
  });
  afterEach(async () => {
    await used.page.context().close();
    expect(faults.filter((fault) => !used.expected?.test(fault))).toEqual([]);
  });
  return used;
}
