#!/usr/bin/env node
import { TuttiError } from '@tutti/base';
import { Command, CommanderError } from 'commander';
import { CommandError } from './command-error.ts';
import { addAccessCommands } from './commands/access.ts';
import { addClockCommands } from './commands/clock.ts';
import { addContributionCommands } from './commands/contribution.ts';
import { addDeviceCommands } from './commands/device.ts';
import { addExtensionCommands } from './commands/extension.ts';
import { addHelpCommands } from './commands/help.ts';
import { addHostCommands } from './commands/host.ts';
import { addReceiverCommands } from './commands/receiver.ts';
import { addRouteCommands } from './commands/route.ts';
import { addSenderCommands } from './commands/sender.ts';
import { addSettingCommands } from './commands/setting.ts';
import { addSessionCommands } from './commands/session.ts';
import { exitCodeOf, exitCodes } from './exit-codes.ts';

/** The tutti command: nouns and verbs. Data on standard output, messages on standard error, exit codes as documented. */
async function main(): Promise<void> {
  const program = new Command('tutti')
    .description("A 128 x 128 channel network audio device for AES67, RAVENNA and Dante's AES67 mode")
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 failed, 2 usage, 3 host not running, 4 not found, 5 conflict or locked, 6 degraded, 7 timeout',
    )
    .exitOverride();
  addHostCommands(program);
  addAccessCommands(program);
  addSessionCommands(program);
  addReceiverCommands(program);
  addSenderCommands(program);
  addRouteCommands(program);
  addClockCommands(program);
  addDeviceCommands(program);
  addExtensionCommands(program);
  addSettingCommands(program);
  addContributionCommands(program);
  addHelpCommands(program);
  inheritExit(program);
  await program.parseAsync();
}

/** exitOverride is copied to subcommands only if it was set before they were made, and they make their own. */
function inheritExit(command: Command): void {
  for (const each of command.commands) {
    each.exitOverride();
    inheritExit(each);
  }
}

function report(error: unknown): number {
  if (error instanceof CommandError) {
    process.stderr.write(`${error.message}\n`);
    return error.exitCode;
  }
  if (error instanceof TuttiError) {
    const { field, message, fix, code } = error.problem;
    if (process.argv.includes('--json')) {
      process.stderr.write(`${JSON.stringify(error.problem)}\n`);
      return exitCodeOf(code);
    }
    process.stderr.write(
      `${field === undefined ? '' : `${field}: `}${message}${fix === undefined ? '' : `\n  ${fix}`}\n`,
    );
    return exitCodeOf(code);
  }
  // Commander has printed what was wrong already; help and version are no errors.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return exitCodes.failed;
}

// A pipe that is closed early (tutti ... | head) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(exitCodes.done);
  throw error;
});
try {
  await main();
} catch (error) {
  process.exitCode = report(error);
}
