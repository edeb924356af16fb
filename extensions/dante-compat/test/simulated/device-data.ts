/** What a simulated device is. Everything that differs between the devices of the corpus can be set. */
export interface DeviceData {
  readonly name: string;
  readonly factoryName: string;
  readonly board: string;
  readonly revision: string;
  /** 16 hexadecimal digits. */
  readonly id: string;
  readonly maker: string;
  readonly product: string;
  /** Words of the reply to the question for counts, without numbers of channels, and how many zero bytes follow them. */
  readonly capability: number;
  readonly limits: readonly number[];
  readonly countsTail: number;
  /** The block that says what channels carry. */
  readonly format: string;
  readonly transmit: readonly { readonly name: string; readonly label?: string }[];
  readonly receive: readonly ReceiveData[];
  readonly receiveFlags: number;
  /** Writes the factory name of a receive channel behind its label. */
  readonly writesFactoryNames: boolean;
  readonly flows: readonly FlowData[];
  readonly properties: Readonly<Record<number, number>>;
  /** Bytes between the head of the identity and its areas, and behind its versions. */
  readonly identityGap: string;
  readonly identityVersions: string;
}

export interface ReceiveData {
  readonly label: string;
  readonly factoryName?: string;
  readonly from?: { readonly channel: string; readonly device: string };
  readonly status: number;
  /** 0x0101 for unicast, 0x0100 for multicast. */
  readonly receiving?: number;
}

export interface FlowData {
  readonly number: number;
  /** Receive channels of each slot. */
  readonly slots: readonly number[];
  readonly address: string;
  readonly port: number;
  readonly status: number;
  readonly active: number;
  readonly latencyNs: number;
}

export const pcm24 = '0000bb80 0101 0018 0400 0018 0018 0004';
export const pcm16to32 = '0000bb80 0101 0018 0400 0018 0018 000e';

/** A device in the manner of a two-channel adapter with AES67 mode. */
export function adapter(change: Partial<DeviceData> = {}): DeviceData {
  return {
    name: 'adapter-1',
    factoryName: 'ADAPTER-000001',
    board: 'DIOUSB',
    revision: ':800',
    id: '001dc1fffe000001',
    maker: 'Somebody',
    product: 'Adapter',
    capability: 0x0df9,
    limits: [2, 8, 2, 2, 2, 1, 1],
    countsTail: 16,
    format: pcm24,
    transmit: [{ name: 'Left' }, { name: 'Right' }],
    receive: [
      { label: 'Left', status: 0 },
      { label: 'Right', status: 0 },
    ],
    receiveFlags: 6,
    writesFactoryNames: true,
    flows: [],
    properties: {
      0x0201: 1,
      0x8204: 1_000_000,
      0x8205: 256_000,
      0x0210: 16,
      0x0211: 16,
      0x8301: 1_000_000,
      0x8302: 10_979_167,
      0x8306: 1_000_000,
      0x0310: 16,
      0x0311: 16,
      0x0303: 2,
      0x8021: 0,
      0x8060: 0xef45_0000,
      0x0022: 1,
      0x0063: 1,
      0x0222: 5004,
      0x0212: 0x30,
      0x8321: 2_000_000,
    },
    identityGap: '0000000000000000',
    identityVersions: '0a0a 0000 0403 0000 2809 0204 1200 1004 0000 0000',
    ...change,
  };
}

/** A device in the manner of a large card without AES67 mode. */
export function card(change: Partial<DeviceData> = {}): DeviceData {
  return adapter({
    name: 'card-1',
    factoryName: 'CARD-000001',
    board: 'PCIe',
    identityVersions: '0400 0000 0402 0000 2729 0204 1102 1004 0000 0000',
    id: '001dc10000010000',
    product: 'Card',
    capability: 0x07f9,
    limits: [8, 0x10, 0x20, 0x20, 0x100, 2, 2],
    countsTail: 12,
    transmit: Array.from({ length: 64 }, (_, i) => ({ name: String(i + 1).padStart(2, '0') })),
    receive: Array.from({ length: 64 }, (_, i) => ({ label: String(i + 1).padStart(2, '0'), status: 0 })),
    receiveFlags: 0x0f,
    writesFactoryNames: false,
    properties: {
      0x0201: 1,
      0x8204: 1_000_000,
      0x8205: 150_000,
      0x0210: 16,
      0x0211: 4,
      0x8301: 150_000,
      0x8302: 21_333_334,
      0x8306: 150_000,
      0x0310: 4,
      0x0311: 2,
      0x0303: 4,
      0x8021: 0,
      0x00f0: 0,
      0x0022: 1,
      0x0212: 0x30,
    },
    ...change,
  });
}
