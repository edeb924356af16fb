import { describe, expect, it } from 'vitest';
import { readDevice, type Ask } from '../../src/devices/read-device.ts';
import { readControlMessage } from '../../src/wire/control-message.ts';
import { adapter } from '../simulated/device-data.ts';
import { SimulatedDevice } from '../simulated/simulated-device.ts';

/** Says that it has as many channels as `claimed`, and goes on to list those that it has. */
function boaster(claimed: number, has: number): { readonly device: SimulatedDevice; readonly ask: Ask } {
  const device = new SimulatedDevice(
    adapter({
      transmit: Array.from({ length: has }, (_, i) => ({ name: String(i + 1), label: `Out ${i + 1}` })),
      receive: Array.from({ length: has }, (_, i) => ({ label: `In ${i + 1}`, status: 0 })),
    }),
  );
  const ask: Ask = async (write) => {
    const answer = device.answerArc(Buffer.from(write(1)));
    if (!answer) throw new Error('no answer');
    if (answer.readUInt16BE(6) === 0x1000) {
      answer.writeUInt16BE(claimed, 12);
      answer.writeUInt16BE(claimed, 14);
    }
    return readControlMessage(answer);
  };
  return { device, ask };
}

describe('reading a device', () => {
  it.each([
    ['as many channels as it says it has', 2, 200, 2],
    ['as many channels as the largest devices have', 0xffff, 600, 512],
  ])('takes %s, whatever it lists', async (_, claimed, has, taken) => {
    const { device, ask } = boaster(claimed, has);
    const reading = await readDevice(ask);
    if (!reading.ok) throw new Error(reading.error.message);
    expect(reading.value.gaps).toEqual([]);
    expect(reading.value.transmit).toHaveLength(taken);
    expect(reading.value.transmit[1]).toEqual({ number: 2, label: 'Out 2', factoryName: '2' });
    expect(reading.value.receive).toHaveLength(taken);
    expect(device.asked.filter((opcode) => opcode === 0x3000)).toHaveLength(Math.ceil(taken / 16));
  });
});
