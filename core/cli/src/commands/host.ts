import { setTimeout as sleep } from 'node:timers/promises';
import type { StatusInfo } from '@tutti/common';
import { isAlive, readListen, stopEngine } from '@tutti/node/instance';
import type { Command } from 'commander';
import { openBrowser } from '../browser.ts';
import { CommandError } from '../command-error.ts';
import { CommandContext, common } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { facts } from '../table.ts';

const stopMs = 15_000;

/** serve, stop, status, open. */
export function addHostCommands(program: Command): void {
  common(program.command('serve'))
    .description('run host and engine in the foreground; prints "ready URL" when everything answers')
    .option('--interface <if>', 'use this network interface only')
    .option('--http <host:port>', 'where the host API listens; port 0 is any free one')
    .option('--no-open', 'do not open the page')
    .option('--disable-extensions', 'safe mode: use only the extensions that come with Tutti')
    .option(
      '--dev <dir>',
      'use the extension in a folder, and start it anew when it is built; may be repeated',
      collect,
      [],
    )
    .action(serve);
  common(program.command('stop')).description('end host and engine').action(stop);
  common(program.command('status')).description('state of host, engine, clock and device').action(status);
  common(program.command('open'))
    .description('open the page in the browser, and print its address')
    .action((_options: unknown, command: Command) => {
      const context = new CommandContext(command);
      const url = context.api.pageUrl();
      context.print({ url }, () => url);
      if (!openBrowser(url)) context.say('there is no screen here: open the address where there is one');
    });
}

interface ServeOptions {
  readonly interface?: string;
  readonly http?: string;
  readonly open: boolean;
  readonly disableExtensions?: boolean;
  readonly dev: readonly string[];
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

async function serve(options: ServeOptions, command: Command): Promise<void> {
  const context = new CommandContext(command);
  const ended = signalled(); // from now on: a signal during the start must not leave an engine behind
  // The host is most of the program: only who starts one loads it.
  const { startHost } = await import('@tutti/node');
  const host = await startHost({
    root: context.root,
    version: context.version,
    disableExtensions: options.disableExtensions ?? false,
    developmentExtensions: options.dev,
    ...(context.data !== undefined && { data: context.data }),
    ...(options.interface !== undefined && { interface: options.interface }),
    ...(options.http !== undefined && { http: readListen(options.http) }),
  });
  process.stdout.write(`ready ${host.url}\n`);
  if (options.open) openBrowser(host.url);
  await Promise.race([host.stopRequested, ended]);
  await host.stop();
}

/** Who presses Ctrl-C expects silence, so the engine ends too. A second one does not wait. */
function signalled(): Promise<void> {
  return new Promise((resolve) => {
    let count = 0;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        count += 1;
        if (count > 1 && signal === 'SIGINT') process.exit(exitCodes.failed);
        resolve();
      });
    }
  });
}

async function stop(_options: unknown, command: Command): Promise<void> {
  const context = new CommandContext(command);
  try {
    const pid = context.api.hostPid();
    await context.api.post('/stop');
    for (const end = Date.now() + stopMs; isAlive(pid); await sleep(50)) {
      if (Date.now() > end) throw new CommandError(exitCodes.timeout, `the host (pid ${pid}) does not end`);
    }
  } catch (error) {
    // A host that was killed leaves its engine playing: that is stopped too.
    const orphan = error instanceof CommandError && error.exitCode === exitCodes.hostNotRunning;
    if (!orphan || !(await stopEngine(context.paths.engineSocket))) throw error;
    context.say('the host was not running; the engine is stopped');
  }
  context.print({ stopped: true }, () => '');
}

async function status(_options: unknown, command: Command): Promise<void> {
  const context = new CommandContext(command);
  const info = await context.api.get<StatusInfo>('/status');
  context.print(info, () =>
    facts([
      ['version', info.version],
      ['page', context.api.pageUrl()],
      ['host', `pid ${info.pid}`],
      ['engine', `${info.engine.state}${info.engine.pid === undefined ? '' : `, pid ${info.engine.pid}`}`],
      ['load', `${(info.engineLoad * 100).toFixed(1)} % of a core`],
      ['held up', `${info.engineHeldUpMs} ms at most in the last ten seconds`],
      [
        'interfaces',
        info.interfaces.map((each) => `${each.name} ${each.address}`).join(', ') || 'none is up',
      ],
      ['clock', `${info.clock.source}: ${info.clock.state}`],
      [
        'device',
        `${info.device.name}, ${info.device.rate} Hz, ${info.device.inputs} x ${info.device.outputs}`,
      ],
      ...info.device.clients.map(
        (each) =>
          ['application', `${each.name} (${each.pid}) ${each.direction} ${each.channels} channels`] as const,
      ),
      ...info.notices.map((each) => ['notice', `${each.message} ${each.fix}`] as const),
    ]),
  );
  if (info.engine.state !== 'running') process.exitCode = exitCodes.degraded;
}
