import type { EventInfo, ExtensionInfo, SettingInfo } from '@tutti/common';

/** What happened in the stand-in's life so far. */
export function sampleEvents(count = 12): readonly EventInfo[] {
  const lines: readonly Pick<EventInfo, 'level' | 'code' | 'message' | 'source'>[] = [
    { level: 'info', code: 'engine.started', message: 'engine started, pid 4243', source: 'host' },
    { level: 'info', code: 'extension.active', message: 'extension tutti.aes67 is active', source: 'host' },
    { level: 'info', code: 'sap.joined', message: 'listening on enp3s0', source: 'tutti.aes67' },
    { level: 'info', code: 'clock.state', message: 'the clock is locked', source: 'host' },
    {
      level: 'warning',
      code: 'sap.late',
      message: 'no announcement for 60 s on enp4s0',
      source: 'tutti.aes67',
    },
    { level: 'error', code: 'receiver.failed', message: 'Commentary Unit 3: 96 kHz, not 48', source: 'host' },
  ];
  const now = Date.now();
  return Array.from({ length: count }, (_, i) => ({
    ...(lines[i % lines.length] ?? { level: 'info', code: '', message: '', source: 'host' }),
    sequence: i + 1,
    at: new Date(now - (count - i) * 1300).toISOString(),
  }));
}

export const engineLogText = '04:12:01.120 info  engine.ready: audio thread runs, 128 x 128\n';

export function sampleExtensions(): readonly ExtensionInfo[] {
  const extension = (
    id: string,
    displayName: string,
    description: string,
    contributions: readonly string[],
    more: Partial<ExtensionInfo> = {},
  ): ExtensionInfo => ({
    ...{ id, displayName, description, version: '0.1.0', origin: 'builtIn', state: 'active' },
    ...{ dependencies: [], permissions: ['net.multicast'], contributions, ...more },
  });
  return [
    extension(
      'tutti.aes67',
      'AES67',
      'L16 and L24, SAP, PTPv2',
      ['codec L16', 'codec L24', 'clock ptp', 'discovery sap'],
      {
        permissions: ['net.multicast', 'native'],
      },
    ),
    extension('tutti.ravenna', 'RAVENNA', 'DNS-SD and RTSP', ['discovery ravenna'], {
      dependencies: ['tutti.aes67'],
    }),
    extension('acme.levels', 'Loudness', 'Loudness of every receiver', [], {
      origin: 'installed',
      state: 'quarantined',
      reason: 'crashed',
      problem: {
        code: 'unavailable',
        message: 'It ended three times in five minutes.',
        fix: 'Enable it again, or get a newer version from its maker.',
      },
    }),
  ];
}

export function sampleSettings(): SettingInfo[] {
  const setting = (
    key: string,
    schema: Record<string, unknown>,
    more: Partial<SettingInfo> = {},
  ): SettingInfo => ({ key, schema, value: schema['default'], isSet: false, source: 'tutti', ...more });
  return [
    setting(
      'aes67.sap.interval',
      {
        ...{ type: 'number', default: 30, minimum: 1, maximum: 300 },
        description: 'Seconds between announcements',
      },
      { source: 'tutti.aes67' },
    ),
    setting('clock.options', {
      type: 'object',
      default: {},
      description: 'What a clock is started with, by its id',
    }),
    setting('network.interface', {
      type: 'string',
      default: '',
      description: 'The one interface to use; empty: all that are up',
    }),
    setting('receivers.linkOffsetMs', {
      ...{ type: 'number', minimum: 0.1, maximum: 500, default: 3 },
      description: 'Link offset of receivers that share our media clock',
    }),
    setting(
      'senders.ttl',
      { type: 'integer', minimum: 1, maximum: 255, default: 32 },
      { value: 8, isSet: true },
    ),
    setting('senders.announce', { type: 'boolean', default: true, description: 'Announce senders at all' }),
    setting('senders.format', { enum: ['L16', 'L24'], default: 'L24', description: 'Format of new senders' }),
  ];
}
