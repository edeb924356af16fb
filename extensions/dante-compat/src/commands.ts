import type { CommandArguments, TuttiApi } from '@tutti/api';
import type { Disposable } from '@tutti/base';
import { allowsSubscribing, configurationKeys, fallbackPrefix } from './configuration.ts';
import type { DeviceDirectory } from './devices/device-directory.ts';
import type { DanteDevice, ReceiveChannel } from './devices/device.ts';
import { changeSubscription, planSubscription, type WantedSubscription } from './devices/subscribe.ts';
import { problem } from './problem.ts';
import { fixSender } from './senders/fix-sender.ts';
import { commonPrefix, receivingSide } from './senders/receiving-side.ts';
import type { SenderFinding } from './senders/check-sender.ts';
import type { SenderWatch } from './senders/sender-watch.ts';

/** What the commands work on. */
export interface CommandParts {
  readonly api: TuttiApi;
  readonly devices: DeviceDirectory;
  readonly senders: SenderWatch;
}

/** Registers what the manifest's `contributes.commands` says. Arguments are outside data. */
export function registerCommands(parts: CommandParts): readonly Disposable[] {
  const { api, devices } = parts;
  const register = (name: string, handler: (args: CommandArguments) => unknown): Disposable =>
    api.commands.registerCommand(`dante-compat.${name}`, handler);
  return [
    register('devices', (): readonly DanteDevice[] => devices.list()),
    register('refresh', async (args) => {
      await devices.refresh(optionalText(args, 'device'));
      return devices.list();
    }),
    register('checkSender', (args) => ({ findings: findingsOf(parts, args).findings })),
    register('fixSender', (args) => fix(parts, args)),
    register('subscribe', (args) =>
      subscribe(parts, args, { channel: text(args, 'fromChannel'), device: text(args, 'fromDevice') }),
    ),
    register('unsubscribe', (args) => subscribe(parts, args)),
  ];
}

function findingsOf(
  { senders }: CommandParts,
  args: CommandArguments,
): { id: string; findings: readonly SenderFinding[] } {
  const id = senderId(args);
  const findings = senders.findings(id);
  if (findings) return { id, findings };
  throw problem('notFound', `No sender ${id} is announced.`, {
    field: 'senderId',
    fix: 'See "tutti sender list".',
  });
}

/** Makes a sender one that Dante devices take, as far as a change of the sender can. */
async function fix(
  parts: CommandParts,
  args: CommandArguments,
): Promise<{ readonly changed: object; readonly left: readonly SenderFinding[] }> {
  const { api, devices } = parts;
  const { id, findings } = findingsOf(parts, args);
  const fallback = fallbackPrefix(api);
  const { change, left } = fixSender(
    findings,
    commonPrefix(receivingSide(devices.list(), fallback), fallback),
  );
  if (Object.keys(change).length > 0)
    await api.commands.executeCommand('tutti.sender.change', { id, ...change });
  return { changed: change, left };
}

/** Subscribes a receive channel of a device, or takes its subscription away: only if allowed, and only when confirmed. */
async function subscribe(
  { api, devices }: CommandParts,
  args: CommandArguments,
  from?: WantedSubscription['from'],
): Promise<ReceiveChannel | undefined> {
  if (!allowsSubscribing(api)) {
    throw problem('permission', 'Changing Dante devices is not allowed.', {
      fix: `Set ${configurationKeys.allowSubscribing} to true.`,
    });
  }
  const wanted = { device: deviceName(args), channel: channelNumber(args), ...(from && { from }) };
  const { text: what } = planSubscription(devices, wanted);
  if (args['confirm'] !== true) {
    throw problem('conflict', what, { field: 'confirm', fix: 'Run it again with confirm set to true.' });
  }
  api.log.info('dante.subscription', what, { ...wanted });
  return await changeSubscription(devices, wanted);
}

/** By name, or as the menu of a sender gives it. */
function senderId(args: CommandArguments): string {
  return (
    optionalText(args, 'senderId') ?? optionalText(inside(args, 'sender'), 'id') ?? text(args, 'senderId')
  );
}

function deviceName(args: CommandArguments): string {
  return optionalText(inside(args, 'item'), 'device') ?? text(args, 'device');
}

function channelNumber(args: CommandArguments): number {
  const value = inside(args, 'item')['channel'] ?? args['channel'];
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1) return value;
  throw problem('invalid', 'A channel is a whole number from 1.', { field: 'channel' });
}

function text(args: CommandArguments, field: string): string {
  const value = optionalText(args, field);
  if (value === undefined) throw problem('invalid', `${field} is missing, or is no text.`, { field });
  return value;
}

function optionalText(args: CommandArguments, field: string): string | undefined {
  const value = args[field];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function inside(args: CommandArguments, field: string): CommandArguments {
  const value = args[field];
  return typeof value === 'object' && value !== null ? (value as CommandArguments) : {};
}
