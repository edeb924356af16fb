import { ByteBuilder } from './byte-builder.ts';
import type { DeviceData } from './device-data.ts';

/** Settings message of a device: 32 bytes of header, then the body. */
export function settingsMessage(
  { id }: Pick<DeviceData, 'id'>,
  type: number,
  body: string | Buffer,
  { sequence = 1, revision = 0x0724 } = {},
): Buffer {
  const content = typeof body === 'string' ? Buffer.from(body.replaceAll(' ', ''), 'hex') : body;
  const builder = new ByteBuilder().u16(0xffff, 32 + content.length, sequence, 0).hex(id);
  builder
    .u8(...Buffer.from('Audinate'))
    .u16(revision, type)
    .u32(0)
    .u8(...content);
  return builder.toBuffer();
}

/** Maker, product and version 1.0.0, with the short ids in front that some devices put there. */
export function makerBody({ maker, product }: Pick<DeviceData, 'maker' | 'product'>): Buffer {
  const builder = new ByteBuilder().field(maker.slice(0, 8), 8).field(product.slice(0, 8), 8);
  builder
    .padTo(76 - 32)
    .field(maker, 128)
    .field(product, 128)
    .padTo(332 - 32)
    .u32(0x0100_0000);
  return builder.padTo(336).toBuffer();
}

export function platformBody({ board }: Pick<DeviceData, 'board'>): Buffer {
  return new ByteBuilder()
    .padTo(88 - 32)
    .field(board, 32)
    .padTo(200)
    .toBuffer();
}

export function clockBody(own: string, leader: string, isLeader: boolean): Buffer {
  const builder = new ByteBuilder().u16(3, 3).u32(0x9f, 0).hex(own).hex(leader).hex(leader);
  return builder
    .u16(1, 0x34, isLeader ? 6 : 9)
    .padTo(64)
    .toBuffer();
}

export function aes67Body(active: boolean, configured: boolean): Buffer {
  return new ByteBuilder().u8(0, (active ? 1 : 0) | (configured ? 2 : 0), 0, 0).toBuffer();
}

/** @param late packets that came too late, of each stream */
export function heartbeat(id: string, late: readonly number[]): Buffer {
  const builder = new ByteBuilder().u16(0xfffe, 32 + 20 + 256, 1, 0).hex(id);
  builder.u8(...Buffer.from('Audinate')).u16(0x0008, 0x0001, 0x1000, 0);
  builder.u16(20 + 256, 0x8004, 4, 12 + 252, 0x6a03, 0, 64, 0, 20, 0).u32(...late);
  return builder.padTo(32 + 20 + 256).toBuffer();
}
