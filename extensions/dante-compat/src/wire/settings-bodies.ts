import type { Result } from '@tutti/base';
import { settingsType, type SettingsMessage } from './settings-message.ts';
import { WireReader, type WireProblem } from './wire-reader.ts';

/**
 * A message's body in our words; undefined in {@link readSettingsBody}'s result for types that are not read. Offsets count
 * from the message's first byte.
 */
export type SettingsBody =
  /** Certain: protocol_FFFF_message_0011_id_4674247.bin; the addresses are those of the device's row in the preset. */
  | {
      readonly kind: 'interfaces';
      readonly mac: string;
      readonly address: string;
      readonly netmask: string;
      /** Mb/s. */
      readonly linkSpeed: number;
    }
  /**
   * Certain: the three identities, in protocol_FFFF_message_0020_id_4108765.bin of a follower and 4329890 of the leader it
   * names. Likely: the port's state, 6 on the leader and 9 on the follower.
   */
  | {
      readonly kind: 'clock';
      readonly leader: string;
      readonly grandmaster: string;
      readonly role?: 'leader' | 'follower';
    }
  /** Certain: protocol_FFFF_message_0060_id_63506.bin (`Dante PCIe IF`), 27666 (`DIOBT`). */
  | { readonly kind: 'platform'; readonly board: string }
  /** Certain: protocol_FFFF_message_00C0_id_62989.bin; name and version are those of the preset. */
  | { readonly kind: 'maker'; readonly maker: string; readonly product: string; readonly version: string }
  /** Certain: protocol_FFFF_message_0080_id_678575.bin, which offers six rates and uses 48000. */
  | { readonly kind: 'sampleRate'; readonly rate: number; readonly offered: readonly number[] }
  /** Certain: protocol_FFFF_message_0082_id_679196.bin, which offers 24, 16 and 32 bits and uses 24. */
  | { readonly kind: 'encoding'; readonly bits: number; readonly offered: readonly number[] }
  /**
   * Certain: that the byte changes when the mode is switched (protocol_FFFF_message_1007_id_4108761.bin, 4113124). From
   * published work only: which bit is which.
   */
  | { readonly kind: 'aes67'; readonly active: boolean; readonly configured: boolean }
  /** Certain: such messages came when labels or subscriptions changed (protocol_FFFF_message_0104_id_27613.bin). */
  | { readonly kind: 'routingChanged' };

export function readSettingsBody(message: SettingsMessage): Result<SettingsBody | undefined, WireProblem> {
  const reader = new WireReader(message.bytes);
  const { type } = message;
  if (type >= settingsType.firstRoutingChange && type <= settingsType.lastRoutingChange) {
    return reader.result({ kind: 'routingChanged' });
  }
  const read = readers[type];
  return reader.result(read?.(reader));
}

const readers: Readonly<Record<number, (reader: WireReader) => SettingsBody>> = {
  [settingsType.interfaces]: (reader) => ({
    kind: 'interfaces',
    mac: reader.id(42).slice(0, 12),
    address: reader.ipv4(48),
    netmask: reader.ipv4(52),
    linkSpeed: reader.u32(36),
  }),
  [settingsType.clock]: (reader) => {
    const state = reader.u16(72);
    const role = state === 6 ? 'leader' : state === 9 ? 'follower' : undefined;
    return { kind: 'clock', leader: reader.id(52), grandmaster: reader.id(60), ...(role && { role }) };
  },
  [settingsType.platform]: (reader) => ({ kind: 'platform', board: reader.field(88, 32) }),
  [settingsType.maker]: (reader) => ({
    kind: 'maker',
    maker: reader.field(76, 128),
    product: reader.field(204, 128),
    version: [332, 333, 334].map((at) => reader.u8(at)).join('.'),
  }),
  [settingsType.sampleRate]: (reader) => ({
    kind: 'sampleRate',
    rate: reader.u32(36),
    offered: readOffer(reader),
  }),
  [settingsType.encoding]: (reader) => ({
    kind: 'encoding',
    bits: reader.u32(36),
    offered: readOffer(reader),
  }),
  [settingsType.aes67]: (reader) => {
    const bits = reader.u8(33);
    return { kind: 'aes67', active: (bits & 1) !== 0, configured: (bits & 2) !== 0 };
  },
};

/** Most values in an offer; six were seen. */
const maxOffer = 32;

function readOffer(reader: WireReader): readonly number[] {
  const count = Math.min(reader.u16(34), maxOffer);
  return Array.from({ length: count }, (_, i) => reader.u32(48 + 4 * i));
}
