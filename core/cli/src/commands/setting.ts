import type { SettingInfo, SettingsInfo } from '@tutti/common';
import type { Command } from 'commander';
import { CommandError } from '../command-error.ts';
import { CommandContext, common } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { table } from '../table.ts';

/** setting list | get | set | reset. */
export function addSettingCommands(program: Command): void {
  const setting = program.command('setting').description('settings of the host and of extensions');
  common(setting.command('list'))
    .description('every setting: its value, whether somebody set it, what it means')
    .action(async (_options: unknown, command: Command) => {
      const context = new CommandContext(command);
      const info = await context.api.get<SettingsInfo>('/settings');
      context.print(info, () =>
        table(
          ['KEY', 'VALUE', 'SET', 'OF', 'MEANING'],
          info.settings.map(({ key, value, isSet, source, schema, problem }) => [
            key,
            JSON.stringify(value),
            isSet ? 'yes' : 'no',
            source,
            problem?.message ?? String(schema['description'] ?? ''),
          ]),
        ),
      );
    });
  common(setting.command('get <key>'))
    .description('the value of a setting, as JSON')
    .action(async (key: string, _options: unknown, command: Command) => {
      const context = new CommandContext(command);
      printOne(context, await context.api.get<SettingsInfo>('/settings'), key);
    });
  common(setting.command('set <key> <value>'))
    .description('change a setting; the value is JSON if it reads as JSON, else text')
    .action(async (key: string, value: string, _options: unknown, command: Command) => {
      const context = new CommandContext(command);
      printOne(context, await context.api.patch<SettingsInfo>('/settings', { [key]: readValue(value) }), key);
    });
  common(setting.command('reset <key>'))
    .description('take a setting back to its default')
    .action(async (key: string, _options: unknown, command: Command) => {
      const context = new CommandContext(command);
      printOne(context, await context.api.patch<SettingsInfo>('/settings', { [key]: null }), key);
    });
}

function printOne(context: CommandContext, { settings }: SettingsInfo, key: string): void {
  const found: SettingInfo | undefined = settings.find((each) => each.key === key);
  if (found === undefined)
    throw new CommandError(
      exitCodes.notFound,
      `no part of Tutti has a setting ${key}; see "tutti setting list"`,
    );
  context.print(found, () => JSON.stringify(found.value));
}

function readValue(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
