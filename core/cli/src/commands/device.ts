import { join } from 'node:path';
import type { DeviceInfo } from '@tutti/common';
import type { Command } from 'commander';
import { CommandContext, common } from '../context.ts';
import { whole } from '../option-readers.ts';
import { facts } from '../table.ts';

/** device show | set, alsa-config. */
export function addDeviceCommands(program: Command): void {
  addDevice(program.command('device').description('the virtual sound card'));
  common(program.command('alsa-config'))
    .description('an ALSA configuration that defines pcm "tutti" for this instance')
    .action((_options: unknown, command: Command) => {
      const context = new CommandContext(command);
      const text = alsaConfig(
        join(context.paths.dist, 'hal/libasound_module_pcm_tutti.so'),
        context.paths.region,
      );
      context.print({ config: text }, () => text);
    });
}

function addDevice(device: Command): void {
  common(device.command('show'))
    .description('rate, channels and the applications that have it open')
    .action(async (_options: unknown, command: Command) => {
      const context = new CommandContext(command);
      printDevice(context, await context.api.get<DeviceInfo>('/device'));
    });
  common(device.command('set'))
    .description('change it; a new rate restarts every stream')
    .option('--rate <hz>', '44100, 48000, 88200, 96000, 176400, 192000, 352800 or 384000', whole)
    .option('--name <name>', 'name that applications show')
    .action(async (options: { rate?: number; name?: string }, command: Command) => {
      if (options.rate === undefined && options.name === undefined)
        command.error('error: give --rate or --name');
      const context = new CommandContext(command);
      const change = {
        ...(options.rate !== undefined && { rate: options.rate }),
        ...(options.name !== undefined && { name: options.name }),
      };
      printDevice(context, await context.api.patch<DeviceInfo>('/device', change));
    });
}

function printDevice(context: CommandContext, device: DeviceInfo): void {
  context.print(device, () =>
    facts([
      ['name', device.name],
      ['rate', `${device.rate} Hz`],
      ['inputs', device.inputs],
      ['outputs', device.outputs],
      ...device.clients.map(
        (each) =>
          [
            'application',
            `${each.name} (${each.pid}): ${each.direction} ${each.first + 1}-${each.first + each.channels}, ${each.xruns} xruns`,
          ] as const,
      ),
    ]),
  );
}

/** `tutti`, `tutti:8` and `tutti:8,17` name the device, 8 channels of it, and 8 channels from the 17th on. */
function alsaConfig(library: string, region: string): string {
  return `# Put it into ~/.asoundrc, or load it with ALSA_CONFIG_PATH=/usr/share/alsa/alsa.conf:THIS_FILE.
# pcm "tutti:CHANNELS,FIRST": CHANNELS 0 leaves the count to the application; FIRST counts from 1.
pcm_type.tutti {
  lib ${JSON.stringify(library)}
}
pcm.tutti {
  @args [ CHANNELS FIRST ]
  @args.CHANNELS {
    type integer
    default 0
  }
  @args.FIRST {
    type integer
    default 1
  }
  type tutti
  region ${JSON.stringify(region)}
  channels $CHANNELS
  first $FIRST
  hint {
    show on
    description "Tutti network audio"
  }
}
`;
}
