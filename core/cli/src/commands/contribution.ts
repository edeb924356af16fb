import type { TableRow, TreeItem } from '@tutti/api';
import { fail } from '@tutti/base';
import type { CommandResult, ContributionsInfo, RunCommand, ViewInfo } from '@tutti/common';
import type { Command } from 'commander';
import { CommandContext, common } from '../context.ts';
import { whole } from '../option-readers.ts';
import { table } from '../table.ts';

/** command list | run, view list | show: what extensions contribute. */
export function addContributionCommands(program: Command): void {
  addCommand(program.command('command').description('commands of extensions'));
  addView(program.command('view').description('trees and tables of extensions'));
}

function addCommand(command: Command): void {
  common(command.command('list'))
    .description('every command')
    .action(async (_options: unknown, self: Command) => {
      const context = new CommandContext(self);
      const { commands } = await context.api.get<ContributionsInfo>('/contributions');
      context.print(commands, () =>
        table(
          ['COMMAND', 'EXTENSION', 'READY', 'TITLE'],
          commands.map(({ command: id, extension, ready, category, title }) => [
            id,
            extension,
            ready ? 'yes' : 'no',
            category === undefined ? title : `${category}: ${title}`,
          ]),
        ),
      );
    });
  common(command.command('run <id> [arguments]'))
    .description('run one; ARGUMENTS are a JSON object. What it returns is printed')
    .option('--timeout <ms>', 'how long to wait; 15000 unless given', whole)
    .action(async (id: string, args: string | undefined, options: { timeout?: number }, self: Command) => {
      const context = new CommandContext(self);
      const request: RunCommand = {
        ...(args !== undefined && { arguments: readArguments(args) }),
        ...(options.timeout !== undefined && { timeoutMs: options.timeout }),
      };
      const { result } = await context.api.post<CommandResult>(
        `/commands/${encodeURIComponent(id)}`,
        request,
        { waitMs: options.timeout },
      );
      context.print(result, () =>
        result === null ? '' : typeof result === 'string' ? result : JSON.stringify(result, undefined, 2),
      );
    });
}

function addView(view: Command): void {
  common(view.command('list'))
    .description('every view')
    .action(async (_options: unknown, self: Command) => {
      const context = new CommandContext(self);
      const { views } = await context.api.get<ContributionsInfo>('/contributions');
      context.print(views, () =>
        table(
          ['VIEW', 'EXTENSION', 'TYPE', 'PLACE', 'READY', 'NAME'],
          views.map(({ id, extension, type, place, ready, name }) => [
            id,
            extension,
            type,
            place,
            ready ? 'yes' : 'no',
            name,
          ]),
        ),
      );
    });
  common(view.command('show <id>'))
    .description('content of a tree or table')
    .option('--parent <item>', 'children of this item of a tree')
    .action(async (id: string, options: { parent?: string }, self: Command) => {
      const context = new CommandContext(self);
      const path = `/views/${encodeURIComponent(id)}`;
      const info = await context.api.get<ViewInfo>(path);
      if (info.type === 'web')
        throw fail('unsupported', `${id} is a web page`, { field: 'id', fix: 'see it with "tutti open"' });
      if (info.type === 'tree') {
        const query = options.parent === undefined ? '' : `?parent=${encodeURIComponent(options.parent)}`;
        printTree(context, await context.api.get<readonly TreeItem[]>(`${path}/children${query}`));
      } else {
        const { rows } = await context.api.get<{ rows: readonly TableRow[] }>(`${path}/rows?limit=1000`);
        printTable(context, info, rows);
      }
    });
}

function printTree(context: CommandContext, items: readonly TreeItem[]): void {
  context.print(items, () =>
    table(
      ['ITEM', 'LABEL', 'DESCRIPTION', 'CHILDREN'],
      items.map(({ id, label, description = '', children }) => [
        id,
        label,
        description,
        children === undefined ? '' : 'yes',
      ]),
    ),
  );
}

function printTable(context: CommandContext, { columns = [] }: ViewInfo, rows: readonly TableRow[]): void {
  context.print(rows, () =>
    table(
      columns.map(({ label }) => label.toUpperCase()),
      rows.map(({ cells }) => columns.map(({ id }) => String(cells[id] ?? ''))),
    ),
  );
}

/** @throws TuttiError `invalid`. */
function readArguments(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Readonly<Record<string, unknown>>;
  } catch {
    // said below
  }
  throw fail('invalid', `arguments are a JSON object, not ${text.slice(0, 80)}`, {
    field: 'arguments',
    fix: `as in '{"name": "value"}'`,
  });
}
