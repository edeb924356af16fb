import { describe, expect, it } from 'vitest';
import { corpusFile, corpusFiles } from '../corpus.ts';
import { labelPage, receivePage, type Question } from './arc-replies.ts';
import { adapter, card, pcm16to32, type DeviceData, type ReceiveData } from './device-data.ts';
import { aes67Body, makerBody, settingsMessage } from './settings-messages.ts';
import { SimulatedDevice } from './simulated-device.ts';

/** Our simulated devices answer a question of the corpus as the corpus answers it. */
const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex');

function answer(data: DeviceData, question: string | Buffer): string {
  return hex(
    new SimulatedDevice(data).answerArc(typeof question === 'string' ? corpusFile(question) : question),
  );
}

/** The question that a reply of the corpus answers, where the corpus has the reply only: a page from its first number. */
function pageQuestion(replyName: string, first: number, last = 0): Buffer {
  const bytes = Buffer.alloc(16);
  corpusFile(replyName).copy(bytes, 0, 0, 8);
  [16].forEach((length) => bytes.writeUInt16BE(length, 2));
  [0, 1, first, last].forEach((value, i) => bytes.writeUInt16BE(value, 8 + 2 * i));
  return bytes;
}

function asQuestion(bytes: Buffer): Question {
  return {
    protocol: bytes.readUInt16BE(0),
    transaction: bytes.readUInt16BE(4),
    opcode: bytes.readUInt16BE(6),
    bytes,
  };
}

/** The 128 channel card of the corpus. */
const lxDante = card({
  name: 'lx-dante',
  transmit: Array.from({ length: 128 }, (_, i) => ({
    name: String(i + 1).padStart(2, '0'),
    ...(i >= 10 && i < 16 ? { label: `label ${i + 1}` } : {}),
  })),
  receive: Array.from({ length: 128 }, (_, i) => ({ label: String(i + 1).padStart(2, '0'), status: 0 })),
});

const from = (channel: string, device: string): Pick<ReceiveData, 'from'> => ({ from: { channel, device } });

describe.skipIf(corpusFiles.length === 0)(
  'a simulated device answers byte for byte as the corpus does',
  () => {
    it.each([
      ['192_168_1_108', 'lx-dante'],
      ['192_168_1_18', 'avio-aes3-1'],
      ['192_168_1_193', 'avio-bt-1'],
      ['192_168_1_36', 'avio-usb-2'],
    ])('its name: %s is %s', (host, name) => {
      const question = `${host}_get_device_name_request`;
      expect(answer(adapter({ name }), question)).toBe(hex(corpusFile(`${host}_get_device_name_response`)));
    });

    it('its counts', () => {
      const labelled = [
        { name: '1', label: 'a' },
        { name: '2', label: 'b' },
      ];
      const avio = adapter({ transmit: labelled });
      for (const name of ['avio-aes3-1', 'avio-usb-1', 'avio-usb-2', 'avio-usb-3']) {
        expect(answer(avio, `${name}_get_channel_count_request`)).toBe(
          hex(corpusFile(`${name}_get_channel_count_response`)),
        );
      }
      const bluetooth = { ...avio, receive: avio.receive.slice(0, 1) };
      expect(answer(bluetooth, 'avio-bt-1_get_channel_count_request')).toBe(
        hex(corpusFile('avio-bt-1_get_channel_count_response')),
      );
      expect(answer(lxDante, 'lx-dante_get_channel_count_request')).toBe(
        hex(corpusFile('lx-dante_get_channel_count_response')),
      );
    });

    it('its identity, in both layouts', () => {
      const ad4d = adapter({
        name: 'ad4d',
        factoryName: 'AD4D-fd4e13',
        board: 'Audinate DCM',
        identityGap: '',
        identityVersions: '0400 0000 0402 0000 2801 0204 1102 1004',
      });
      expect(answer(ad4d, '27FF_opcode_1003_id_62681')).toBe(hex(corpusFile('27FF_opcode_1003_id_62682')));
      const bluetooth = adapter({
        name: 'avio-bt-1',
        factoryName: 'AVIOBT-5279b6',
        board: 'DIOBT',
        identityGap: '0022000300230003',
      });
      expect(answer(bluetooth, '2809_opcode_1003_id_27358')).toBe(
        hex(corpusFile('2809_opcode_1003_id_27359')),
      );
    });

    it('its properties, those it lacks included', () => {
      const question = Buffer.from(corpusFile('2729_opcode_1100_id_26984'));
      question.writeUInt16BE(0x8002, 4);
      expect(answer(card(), question)).toBe(hex(corpusFile('2729_opcode_1100_id_33687')));
      question.writeUInt16BE(0x2809, 0);
      question.writeUInt16BE(0x0329, 4);
      expect(answer(adapter(), question)).toBe(hex(corpusFile('2809_opcode_1100_id_4078014')));
    });

    it('its transmit channels, 32 a page', () => {
      const names = ['2729_opcode_2000_id_23334', '2729_opcode_2000_id_25948'] as const;
      expect(answer(lxDante, pageQuestion(names[0], 1))).toBe(hex(corpusFile(names[0])));
      expect(answer(lxDante, pageQuestion(names[1], 33))).toBe(hex(corpusFile(names[1])));
      const ad4d = {
        ...lxDante,
        transmit: lxDante.transmit.slice(0, 64),
        format: '0000bb80 0101 1304 0400 1304 0000 0000',
      };
      expect(answer(ad4d, '27FF_opcode_2000_id_53273')).toBe(hex(corpusFile('27FF_opcode_2000_id_53274')));
    });

    it('its labels', () => {
      const bluetooth = adapter({
        transmit: [
          { name: '1', label: 'bluetooth:left' },
          { name: '2', label: 'bluetooth:right' },
        ],
      });
      const question = corpusFile('2809_opcode_2010_id_28781');
      expect(hex(labelPage(bluetooth, asQuestion(question), ['6d69782d']))).toBe(
        hex(corpusFile('2809_opcode_2010_id_28782')),
      );
      expect(answer(adapter(), pageQuestion('27FF_opcode_2010_id_53951', 1))).toBe(
        hex(corpusFile('27FF_opcode_2010_id_53951')),
      );
    });

    it('its subscriptions, on adapters', () => {
      const aes3 = adapter({
        format: pcm16to32,
        receive: [
          { label: 'unused-1', factoryName: 'CH1', status: 1, ...from('linux-mic-mix:high', 'lx-dante') },
          { label: 'unused-2', factoryName: 'CH2', status: 1, ...from('linux-mic-mix:high', 'lx-dante') },
        ],
      });
      expect(answer(aes3, 'avio-aes3-1_get_receivers_request')).toBe(
        hex(corpusFile('avio-aes3-1_get_receivers_response')),
      );
      const high = { status: 9, receiving: 0x0101, ...from('mic-mix-high', 'lx-dante') };
      const usb = adapter({
        receive: [
          { label: 'mic-mix-1', factoryName: 'Left', ...high },
          { label: 'mic-mix-2', factoryName: 'Right', ...high },
        ],
      });
      const question = asQuestion(corpusFile('avio-usb-1_get_receivers_request'));
      expect(hex(receivePage(usb, question, ['6d69']))).toBe(
        hex(corpusFile('avio-usb-1_get_receivers_response')),
      );
      const bluetooth = adapter({
        receive: [{ label: 'mic-mix', factoryName: 'Left', status: 1, ...from('shelford-channel', 'a32') }],
      });
      const bluetoothQuestion = asQuestion(corpusFile('avio-bt-1_get_receivers_request'));
      expect(hex(receivePage(bluetooth, bluetoothQuestion, ['3a6c65']))).toBe(
        hex(corpusFile('avio-bt-1_get_receivers_response')),
      );
    });

    it('its subscriptions to itself, 16 a page', () => {
      const own = Array.from({ length: 128 }, (_, i) => ({
        label: String(i + 1),
        status: 4,
        ...from(String(i + 1), '.'),
      }));
      const question = pageQuestion('2729_opcode_3000_id_26115', 33);
      expect(answer({ ...lxDante, receive: own }, question)).toBe(
        hex(corpusFile('2729_opcode_3000_id_26115')),
      );
    });

    it('its flows', () => {
      const unicast = { address: '192.168.1.108', status: 9, active: 1 };
      const flows = [
        { ...unicast, number: 1, slots: [15, 16], port: 14_337, latencyNs: 2_000_000 },
        { ...unicast, number: 2, slots: [17, 18], port: 14_339, latencyNs: 1_000_000 },
        {
          number: 3,
          slots: [11, 12],
          address: '239.255.255.56',
          port: 4321,
          status: 10,
          active: 0,
          latencyNs: 1_000_000,
        },
      ];
      expect(answer({ ...lxDante, flows }, '2729_opcode_3200_id_23374')).toBe(
        hex(corpusFile('2729_opcode_3200_id_23375')),
      );
    });

    it('that it was subscribed, unsubscribed, and does not know a question', () => {
      expect(answer(lxDante, '27FF_opcode_3010_id_993276')).toBe(
        hex(corpusFile('27FF_opcode_3010_id_1002150')),
      );
      expect(answer(lxDante, '27FF_opcode_3014_id_1010499')).toBe(
        hex(corpusFile('27FF_opcode_3014_id_1010513')),
      );
      expect(answer(lxDante, '2729_opcode_2320_id_23380')).toBe(hex(corpusFile('2729_opcode_2320_id_23381')));
    });

    it('who it is, its maker and its AES67 mode', () => {
      const bluetooth = new SimulatedDevice(adapter({ id: '001dc1fffe5279b6' }));
      const who = bluetooth.answerCmc(corpusFile('1200_opcode_1001_id_27655'), '192.168.1.61', 8700);
      expect(hex(who)).toBe(hex(corpusFile('1200_opcode_1001_id_27656')));
      const digigram = { id: '001dc10812580000', maker: 'Digigram', product: 'LX-DANTE' };
      expect(hex(settingsMessage(digigram, 0x00c0, padded(makerBody(digigram)), { sequence: 0x1688 }))).toBe(
        hex(corpusFile('FFFF_message_00C0_id_62989')),
      );
      const usb = { id: '001dc1fffe50cac5' };
      expect(
        hex(settingsMessage(usb, 0x1007, aes67Body(false, true), { sequence: 0x04c1, revision: 0x0738 })),
      ).toBe(hex(corpusFile('FFFF_message_1007_id_4113124')));
    });
  },
);

/** The card pads this message to 368 bytes. */
function padded(body: Buffer): Buffer {
  return Buffer.concat([body, Buffer.alloc(368 - 32 - body.length)]);
}
