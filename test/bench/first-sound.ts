import { firstSound, type FirstSound } from '../harness/first-sound.ts';
import { Lab } from '../harness/lab.ts';
import { quantilesOf } from '../soak/quantiles.ts';
import type { Bench } from './bench.ts';

/** From cold start to eight channels of sound, in presses of the mouse and seconds. */
export const firstSoundBench: Bench = {
  seconds: 3,
  page: 'docs/first-sound.md',
  async measure(rounds) {
    const ways: Pick<FirstSound, 'gestures' | 'times'>[] = [];
    for (let round = 0; round < rounds; round++) ways.push(await once());
    const [first] = ways;
    if (!first) return [];
    const { gestures, times } = first;
    return [
      `**${gestures.length} presses of the mouse:** ${gestures.map((gesture, i) => `(${i + 1}) ${gesture}`).join(', ')}.`,
      '',
      `Seconds, ${rounds} rounds, each with new state and a new profile of the browser:`,
      '',
      '| what has happened | since `tutti serve` was started, median | most | since the row above, median |',
      '| --- | --- | --- | --- |',
      ...times.map(({ what }, row) => {
        const since = ways.map((way) => way.times[row]?.ms ?? NaN);
        const before = ways.map((way) => way.times[row - 1]?.ms ?? 0);
        const [total, step] = [quantilesOf(since), quantilesOf(since.map((ms, i) => ms - (before[i] ?? 0)))];
        return `| ${what} | ${inSeconds(total.median)} | ${inSeconds(total.max)} | ${inSeconds(step.median)} |`;
      }),
    ];
  },
};

async function once(): Promise<Pick<FirstSound, 'gestures' | 'times'>> {
  const lab = new Lab();
  try {
    const { gestures, times, browser, tutti } = await firstSound(lab);
    await browser.close();
    await tutti.stop();
    return { gestures, times };
  } finally {
    await lab.remove();
  }
}

const inSeconds = (ms: number): string => (ms / 1000).toFixed(1);
