import type { HostState, ReceiverHealth, ReceiverInfo, SenderInfo, SessionInfo } from '@tutti/common';
import { checkSdp, writeSdp } from '@tutti/model';
import { sampleExtensions, sampleSettings } from './sample-extras.ts';

/** A plausible small studio: what a stand-in host starts with. */
export function sampleState(url: string): HostState {
  return {
    status: {
      version: '0.1.0',
      url,
      pid: 4242,
      engine: { state: 'running', pid: 4243 },
      engineLoad: 0.034,
      engineHeldUpMs: 0,
      interfaces: [
        { name: 'enp3s0', address: '192.168.10.20' },
        { name: 'enp4s0', address: '192.168.11.20' },
      ],
      notices: [
        {
          code: 'realtime.denied',
          message: 'The audio thread runs without real-time priority.',
          fix: 'Allow it: `setcap cap_sys_nice+ep` on the node program, or LimitRTPRIO=95 in the unit.',
        },
      ],
      clock: {
        source: 'ptp',
        state: 'locked',
        grandmaster: '00-1D-C1-FF-FE-12-34-56',
        domain: 0,
        mediaTime: '1764000000000000000',
        steps: 0,
        errorNs: 180,
      },
      device: {
        name: 'AES67 Device',
        rate: 48000,
        inputs: 128,
        outputs: 128,
        driver: {
          kind: 'ALSA',
          isInstalled: true,
          library: '/opt/tutti/dist/hal/libasound_module_pcm_tutti.so',
          region: '/dev/shm/tutti-1000/region',
        },
        clients: [
          { pid: 811, name: 'ardour', direction: 'capture', first: 0, channels: 32, xruns: 0 },
          { pid: 811, name: 'ardour', direction: 'playback', first: 0, channels: 16, xruns: 0 },
        ],
      },
    },
    sessions: [
      session('stagebox', 'Stagebox Left 1-8', 8, ['239.69.1.10'], ['SAP enp3s0', 'RTSP']),
      session('foh', 'FOH Matrix Out', 8, ['239.69.1.20', '239.70.1.20'], ['SAP enp3s0', 'SAP enp4s0']),
      session('avio', 'AVIO-USB-0a4f1c : 2', 2, ['239.69.44.7'], ['SAP enp3s0']),
      session('studio', 'Studio 2 Control Room', 2, ['239.1.12.4'], ['file']),
      session('commentary', 'Commentary Unit 3', 4, ['239.69.80.3'], ['SAP enp3s0']),
    ],
    receivers: [
      receiver('r1', 'Stagebox Left 1-8', 'stagebox', 8, 1, ['239.69.1.10']),
      receiver('r2', 'FOH Matrix Out', 'foh', 8, 17, ['239.69.1.20', '239.70.1.20']),
      {
        ...receiver('r3', 'Commentary Unit 3', 'commentary', 4, 33, ['239.69.80.3']),
        state: 'failed',
        problem: {
          code: 'unsupported',
          field: 'rate',
          message: 'The stream runs at 96 kHz, the device at 48 kHz.',
          fix: 'Set the device to 96 kHz, or the unit to 48 kHz.',
        },
        counters: {},
        health: wrongRate,
      },
    ],
    extensions: sampleExtensions(),
    settings: { path: '/home/studio/.config/tutti/settings.json', settings: sampleSettings() },
    senders: [sender('s1', 'Playback A', 8, 1, '239.69.20.1'), sender('s2', 'Talkback', 2, 9, '239.69.20.2')],
  };
}

export function receiver(
  id: string,
  name: string,
  sessionId: string | undefined,
  channels: number,
  firstInput: number,
  addresses: readonly string[],
): ReceiverInfo {
  return {
    id,
    name,
    ...(sessionId !== undefined && { sessionId }),
    stream: 0,
    state: 'running',
    encoding: 'L24',
    codec: 'L24',
    rate: 48000,
    channels,
    framesPerPacket: 48,
    legs: addresses.map((address, leg) => ({ address, port: 5004, interface: `enp${leg + 3}s0` })),
    timing: 'shared',
    linkOffsetMs: 3,
    map: Array.from({ length: channels }, (_, i) => [i + 1, firstInput + i] as const),
    channelLabels: ['Kick', 'Snare', 'Hat', 'Tom 1', 'Tom 2', 'OH L', 'OH R', 'Bass'].slice(0, channels),
    counters: {
      packets: 182_000,
      bytes: 182_000 * (12 + channels * 144),
      lost: 0,
      late: 0,
      early: 0,
      duplicate: addresses.length > 1 ? 181_994 : 0,
      reordered: addresses.length > 1 ? 31 : 0,
      malformed: 0,
      wrongPayloadType: 0,
      wrongSource: 0,
      ssrcChanges: 0,
      ssrcConflicts: 0,
      reanchors: 0,
      marginMinNs: 2_310_000,
      marginMaxNs: 2_790_000,
    },
    health: healthy,
  };
}

const healthy: ReceiverHealth = {
  overall: 'healthy',
  link: { state: 'healthy', message: 'Up: enp3s0.', evidence: '1 of 1 interfaces up' },
  connection: {
    state: 'healthy',
    message: 'All packets come, in time.',
    evidence: '1000 packets/s, 0 lost and 0 late in 10 s',
  },
  synchronisation: {
    state: 'healthy',
    message: 'Same grandmaster, 00-1D-C1-FF-FE-12-34-56.',
    evidence: 'ptp locked, ±0.18 µs',
  },
  stream: {
    state: 'healthy',
    message: 'L24, 8 channels, 48 frames a packet.',
    evidence: '0 refused in 10 s',
  },
  signal: { state: 'healthy', message: 'There is a signal.', evidence: '-18.2 dBFS' },
};

const notLookedAt = {
  state: 'inactive',
  message: 'Not looked at: stream comes first.',
  evidence: '-',
} as const;

const wrongRate: ReceiverHealth = {
  ...healthy,
  overall: 'unhealthy',
  connection: { state: 'inactive', message: 'Not joined.', evidence: '0 packets/s' },
  synchronisation: notLookedAt,
  stream: {
    state: 'unhealthy',
    message: 'The stream runs at 96 kHz, the device at 48 kHz.',
    evidence: 'L24',
    fix: 'Set the device to 96 kHz, or the unit to 48 kHz.',
  },
  signal: notLookedAt,
};

export function sender(
  id: string,
  name: string,
  channels: number,
  firstOutput: number,
  address: string,
): SenderInfo {
  return {
    id,
    name,
    state: 'running',
    encoding: 'L24',
    rate: 48000,
    channels,
    framesPerPacket: 48,
    payloadType: 98,
    legs: [{ address, port: 5004, interface: 'enp3s0' }],
    dscp: 34,
    ttl: 32,
    map: Array.from({ length: channels }, (_, i) => [firstOutput + i, i + 1] as const),
    counters: { packets: 96_000, bytes: 96_000 * (12 + channels * 144), skipped: 0, sendErrors: 0 },
  };
}

/** A description as a device would announce it. */
export function sdpText(name: string, channels: number, addresses: readonly string[], rate = 48_000): string {
  return writeSdp({
    origin: { sessionId: '3041', sessionVersion: '1', address: '192.168.10.31' },
    name,
    encoding: 'L24',
    rate,
    channels,
    payloadType: 98,
    framesPerPacket: rate / 1000,
    legs: addresses.map((address) => ({ address, port: 5004, ttl: 32 })),
    referenceClock: { kind: 'ptp', grandmaster: '00-1D-C1-FF-FE-12-34-56', domain: 0 },
  });
}

function session(
  id: string,
  name: string,
  channels: number,
  addresses: readonly string[],
  providers: readonly string[],
): SessionInfo {
  const gone = providers.includes('file');
  const lastSeen = new Date(Date.now() - (gone ? 7_400_000 : 4000)).toISOString();
  const whole = sdpText(name, channels, addresses, id === 'commentary' ? 96_000 : 48_000);
  const sdp = id === 'avio' ? whole.replace(/^a=ts-refclk.*\r\n/m, '') : whole;
  const { session: description, problems } = checkSdp(sdp);
  if (!description) throw new Error(`the sample's own SDP is wrong: ${problems[0]?.message}`);
  return {
    id,
    name,
    description,
    sdp,
    problems,
    seenBy: providers.map((text) => {
      const [provider = '', on] = text.split(' ');
      return { provider, ...(on !== undefined && { interface: on }), lastSeen };
    }),
    state: gone ? 'gone' : 'announced',
  };
}
