import { accessRoles, type AccessInfo, type AccessRole } from '@tutti/common';
import { Argument, type Command } from 'commander';
import { CommandContext, common } from '../context.ts';
import { readPassword } from '../read-password.ts';
import { facts } from '../table.ts';

/** access status | set-password | remove-password, and lock, unlock. */
export function addAccessCommands(program: Command): void {
  const access = program.command('access').description('who may reach the host, and from where');
  const role = (): Argument =>
    new Argument('[role]', 'admin may do everything, viewer may look').choices(accessRoles).default('admin');
  common(access.command('status'))
    .description('passwords, and where other machines reach the host')
    .action(async (_options: unknown, command: Command) => {
      const context = new CommandContext(command);
      show(context, await context.api.get<AccessInfo>('/access'));
    });
  common(access.command('set-password'))
    .description('set the password of a role; it is asked for, or read from standard input')
    .addArgument(role())
    .action(async (of: AccessRole, _options: unknown, command: Command) => {
      const context = new CommandContext(command);
      const password = await readPassword(`New password of the role ${of}: `);
      show(context, await context.api.put<AccessInfo>(`/access/passwords/${of}`, { password }));
    });
  common(access.command('remove-password'))
    .description('take the password of a role away: nobody signs in as it any more')
    .addArgument(role())
    .action(async (of: AccessRole, _options: unknown, command: Command) => {
      const context = new CommandContext(command);
      await context.api.delete(`/access/passwords/${of}`);
      show(context, await context.api.get<AccessInfo>('/access'));
    });
  common(program.command('lock'))
    .description('lock the show: nothing can be changed, by nobody, until it is unlocked')
    .option('--note <text>', 'why, for those who try')
    .action(async ({ note }: { readonly note?: string }, command: Command) => {
      const context = new CommandContext(command);
      const lock = await context.api.put('/lock', { locked: true, ...(note !== undefined && { note }) });
      context.print(lock, () => 'locked');
    });
  common(program.command('unlock'))
    .description('unlock the show')
    .action(async (_options: unknown, command: Command) => {
      const context = new CommandContext(command);
      const lock = await context.api.put('/lock', { locked: false });
      context.print(lock, () => 'unlocked');
    });
}

function show(context: CommandContext, info: AccessInfo): void {
  const { passwords, remote } = info;
  context.print(info, () =>
    facts([
      ...accessRoles.map((role) => [role, passwords[role] ? 'has a password' : 'no password'] as const),
      ...(remote.state === 'on'
        ? ([
            ['other machines', remote.urls.join(' ')],
            ['certificate', remote.fingerprint],
          ] as const)
        : ([['other machines', `${remote.state}: ${remote.reason}`]] as const)),
    ]),
  );
}
