import { afterEach, beforeEach, expect, it } from 'vitest';
import { contributeCoreCommands } from '../../src/contributions/core-commands.ts';
import { runCommand } from '../../src/contributions/run-command.ts';
import { Rig } from '../support/rig.ts';

let rig: Rig;

beforeEach(async () => {
  rig = await new Rig().start();
});
afterEach(async () => {
  expect(await rig.stop(), 'registrations that stayed').toEqual({});
});

it('changes a sender for whoever may run commands, and refuses what no sender has', async () => {
  const commands = contributeCoreCommands(rig.registries, rig.streams);
  const { id } = await rig.streams.addSender({ name: 'Mix', channels: '1-2', dest: '239.69.1.2' });
  const run = (args: Record<string, unknown>): Promise<unknown> =>
    runCommand(rig.registries, 'tutti.sender.change', args);
  expect(await run({ id, dest: '239.70.1.2', ptime: 0.125 })).toBeNull();
  expect(rig.state.current.senders[0]).toMatchObject({
    packetTime: 0.125,
    legs: [{ address: '239.70.1.2' }],
  });
  const invalid = { problem: { code: 'invalid', field: 'arguments' } };
  await expect(run({ dest: '239.70.1.3' })).rejects.toMatchObject(invalid);
  await expect(run({ id, channels: '3' })).rejects.toMatchObject(invalid);
  await expect(run({ id: 's9', name: 'x' })).rejects.toMatchObject({ problem: { code: 'notFound' } });
  commands.dispose();
});
