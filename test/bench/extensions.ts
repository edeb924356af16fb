import { join } from 'node:path';
import { writeExtension, type ForeignExtension } from '../harness/foreign-extension.ts';
import { Lab, repository } from '../harness/lab.ts';
import { Tutti } from '../harness/tutti.ts';
import { quantilesOf } from '../soak/quantiles.ts';
import type { Bench } from './bench.ts';

/** Registers a discovery provider, so that its code runs whenever it is enabled. */
const finder: ForeignExtension = {
  name: 'finder',
  activate: `api.discovery.registerProvider({ id: 'finder', async start() { return { dispose() {} }; } });`,
  manifest: { contributes: { discovery: [{ id: 'finder', label: 'Finder' }] } },
};

/** Calls itself through the core: each call goes from its process to the core and back to it, which answers the same way. */
const caller: ForeignExtension = {
  name: 'caller',
  activate: `
    api.commands.registerCommand('caller.nothing', () => null);
    api.commands.registerCommand('caller.many', async ({ calls, atOnce }) => {
      const begin = performance.now();
      let left = calls;
      const one = async () => { while (left-- > 0) await api.commands.executeCommand('caller.nothing', {}); };
      await Promise.all(Array.from({ length: atOnce }, one));
      return performance.now() - begin;
    });`,
  manifest: {
    contributes: {
      commands: ['nothing', 'many'].map((name) => ({ command: `caller.${name}`, title: name })),
    },
  },
};

/** What test/tools/extension-speed.mjs says: ms of each round, and round trips. */
interface Speed {
  readonly fork: readonly number[];
  readonly enable: readonly number[];
  readonly disable: readonly number[];
  readonly enableAgain: readonly number[];
  readonly calls: readonly { readonly atOnce: number; readonly perSecond: number }[];
}

export const extensions: Bench = {
  seconds: 60,
  async measure(rounds) {
    const lab = new Lab();
    try {
      const tutti = await Tutti.start(lab);
      for (const each of [finder, caller]) await tutti.ok('extension', 'install', writeExtension(lab, each));
      const tool = join(repository, 'test/tools/extension-speed.mjs');
      const ids = ['stranger.finder', 'caller.many'];
      const measuring = lab.start(tutti.at, process.execPath, [tool, tutti.url, `${rounds}`, ...ids]);
      const { stdout: output } = await measuring.succeed(300_000);
      const { fork, enable, disable, enableAgain, calls } = JSON.parse(output) as Speed;
      await tutti.stop();
      const onTop = enableAgain.map((each, i) => each - (fork[i] ?? 0));
      return [
        `${rounds} rounds of disabling and enabling an extension that is installed, by the host API, 0.7 s after the last: the host has a process`,
        'ready by then. At once again, it has not, and Node has to start: beside it a bare `fork` that answers one message. Milliseconds:',
        '',
        '| what | median | 99 % | most |',
        '| --- | --- | --- | --- |',
        row('enabling, until it is active', enable),
        row('disabling, until its process is gone', disable),
        row(
          'disabling and enabling',
          enable.map((each, i) => each + (disable[i] ?? 0)),
        ),
        row('enabling at once again', enableAgain),
        row('a bare `fork` of Node, until it answers', fork),
        row('enabling at once again, on top of the bare `fork` of the same round', onTop),
        '',
        'Round trips between an extension and the core (JSON-RPC over the channel of `fork`), each call two of them: the extension asks',
        'the core for a command, and the core asks the extension that has it.',
        '',
        '| calls under way | round trips a second |',
        '| --- | --- |',
        ...calls.map(({ atOnce, perSecond }) => `| ${atOnce} | ${perSecond.toFixed(0)} |`),
      ];
    } finally {
      await lab.remove();
    }
  },
};

function row(what: string, values: readonly number[]): string {
  const { median, p99, max } = quantilesOf(values);
  return `| ${what} | ${[median, p99, max].map((each) => each.toFixed(0)).join(' | ')} |`;
}
