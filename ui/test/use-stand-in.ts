import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from 'vitest';
import { buildPage, launchChromium, newPage, watchForFaults } from './browser.ts';
import { StandInHost } from './stand-in/stand-in-host.ts';

// Long: the machine may be busy, and what passes does not wait.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

/** What {@link useStandIn} prepares; what is not there before the first test is so only while one runs. */
export interface StandIn {
  readonly host: StandInHost;
  readonly browser: Browser;
  readonly address: string;
  /** Empty, and new in every test. */
  readonly page: Page;
  /** Faults of the page that a test brings about itself, when it takes the host away or lets it refuse; forgotten after it. */
  expected: RegExp | undefined;
}

/** As its hooks fill it in, before anybody can look. */
type Filled = { -readonly [K in keyof StandIn]: StandIn[K] };

/** One browser and one stand-in host for all tests of a file: starting them is what takes time. Pages are the caller's. */
export function startStandIn(): Filled {
  const host = new StandInHost();
  const used = { host } as Filled;
  beforeAll(async () => {
    buildPage();
    [used.browser, used.address] = await Promise.all([launchChromium(), host.start()]);
  });
  afterAll(async () => {
    await used.browser?.close();
    await host.stop();
  });
  beforeEach(() => {
    used.expected = undefined;
    host.reset();
  });
  return used;
}

/** {@link startStandIn}, and for each test a page of its own. A test whose page had faults that it did not expect fails. */
export function useStandIn(): StandIn {
  const used = startStandIn();
  let faults: string[];
  beforeEach(async () => {
    used.page = await newPage(used.browser);
    faults = watchForFaults(used.page);
  });
  afterEach(async () => {
    await used.page.context().close();
    expect(faults.filter((fault) => !used.expected?.test(fault))).toEqual([]);
  });
  return used;
}
