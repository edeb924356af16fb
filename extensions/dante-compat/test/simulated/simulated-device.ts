import {
  countsReply,
  done,
  flowsReply,
  identityReply,
  labelPage,
  nameReply,
  propertiesReply,
  receivePage,
  reply,
  seal,
  transmitPage,
  type Question,
} from './arc-replies.ts';
import type { DeviceData, ReceiveData } from './device-data.ts';

/** What the device does not know: protocol_2729_opcode_2320_id_23381.bin answers so. */
const refused = 0x0030;

/** Answers ARC and CMC questions as the devices of the corpus do. No sockets: who has them brings datagrams. */
export class SimulatedDevice {
  #data: DeviceData;
  /** Opcodes asked, in order. */
  readonly asked: number[] = [];

  constructor(data: DeviceData) {
    this.#data = data;
  }

  get data(): DeviceData {
    return this.#data;
  }

  change(change: Partial<DeviceData>): void {
    this.#data = { ...this.#data, ...change };
  }

  /** Answer to a datagram at the ARC port; undefined for what no device answers. */
  answerArc(datagram: Buffer): Buffer | undefined {
    if (datagram.length < 10 || datagram.readUInt16BE(2) !== datagram.length) return undefined;
    const question: Question = {
      protocol: datagram.readUInt16BE(0),
      transaction: datagram.readUInt16BE(4),
      opcode: datagram.readUInt16BE(6),
      bytes: datagram,
    };
    this.asked.push(question.opcode);
    switch (question.opcode) {
      case 0x1000:
        return countsReply(this.#data, question);
      case 0x1002:
        return nameReply(this.#data, question);
      case 0x1003:
        return identityReply(this.#data, question);
      case 0x1100:
        return propertiesReply(this.#data, question);
      case 0x2000:
        return transmitPage(this.#data, question);
      case 0x2010:
        return labelPage(this.#data, question);
      case 0x3000:
        return receivePage(this.#data, question);
      case 0x3010:
        this.#subscribe(datagram);
        return seal(reply(), question, done);
      case 0x3014:
        this.#unsubscribe(datagram);
        return seal(reply(), question, done);
      case 0x3200:
        return flowsReply(this.#data, question);
      default:
        return seal(reply(), question, refused);
    }
  }

  /** Answer at the CMC port: who this is, and where its settings are spoken of. */
  answerCmc(datagram: Buffer, address: string, settingsPort: number): Buffer | undefined {
    if (datagram.length < 20 || datagram.readUInt16BE(6) !== 0x1001) return undefined;
    const question = {
      protocol: 0x1200,
      transaction: datagram.readUInt16BE(4),
      opcode: 0x1001,
      bytes: datagram,
    };
    const builder = reply()
      .u16(0)
      .hex(this.#data.id)
      .u16(1, 0)
      .u8(...address.split('.').map(Number));
    return seal(builder.u16(settingsPort, 0), question, done);
  }

  #subscribe(datagram: Buffer): void {
    for (let i = 0; i < (datagram[11] ?? 0); i++) {
      const at = 12 + 6 * i;
      const [channel, device] = [
        textAt(datagram, datagram.readUInt16BE(at + 2)),
        textAt(datagram, datagram.readUInt16BE(at + 4)),
      ];
      const isOwn = device === this.#data.name;
      this.#setReceive(datagram.readUInt16BE(at), ({ label }) =>
        channel === ''
          ? { label, status: 0 }
          : { label, status: isOwn ? 4 : 1, from: { channel, device: isOwn ? '.' : device } },
      );
    }
  }

  #unsubscribe(datagram: Buffer): void {
    for (let i = 0; i < datagram.readUInt16BE(10); i++) {
      this.#setReceive(datagram.readUInt32BE(12 + 4 * i), ({ label }) => ({ label, status: 0 }));
    }
  }

  #setReceive(number: number, next: (channel: ReceiveData) => ReceiveData): void {
    this.change({ receive: this.#data.receive.map((each, i) => (i + 1 === number ? next(each) : each)) });
  }
}

function textAt(bytes: Buffer, pointer: number): string {
  return pointer === 0 ? '' : bytes.subarray(pointer, bytes.indexOf(0, pointer)).toString('utf8');
}
