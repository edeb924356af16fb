import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { announcedSdp } from '@tutti/test';
import { Rig } from '../support/rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await new Rig().start();
});
afterEach(async () => {
  expect(await rig.stop(), 'registrations that stayed').toEqual({});
});

const routesInForce = (): unknown =>
  rig.engineProcess.plan?.receivers.map(({ id, routes }) => [id, ...routes.map((pair) => pair.join('>'))]);

describe('a patch', () => {
  it('makes the receiver and its routes in one step, and undoes them in one', async () => {
    const { streams } = rig;
    const { added, undo } = await streams.patch({ receive: [{ sdp: announcedSdp(), map: '1-2:17-18' }] });
    expect(added.map(({ id }) => id)).toEqual(['r1']);
    expect(routesInForce()).toEqual([['r1', '0>16', '1>17']]);
    await streams.patch(undo);
    expect(rig.state.current.receivers).toEqual([]);
    expect(routesInForce()).toEqual([]);
  });

  it('replaces what an input has by something else, and back', async () => {
    const { streams } = rig;
    await streams.addReceiver({ sdp: announcedSdp(), map: '1-2:1-2' });
    const { undo } = await streams.patch({
      clear: [{ receiverId: 'r1', channel: 2, input: 2 }],
      receive: [{ sdp: announcedSdp({ id: '101' }), map: '1:2' }],
    });
    expect(routesInForce()).toEqual([
      ['r1', '0>0'],
      ['r2', '0>1'],
    ]);
    await streams.patch(undo);
    expect(routesInForce()).toEqual([['r1', '0>0', '1>1']]);
  });

  it('does nothing at all when one part of it cannot be', async () => {
    const { streams } = rig;
    await streams.addReceiver({ sdp: announcedSdp(), map: '1-2:1-2' });
    const before = rig.state.current;
    const act = streams.patch({
      set: [{ receiverId: 'r1', channel: 1, input: 9 }],
      receive: [{ sdp: announcedSdp({ id: '101' }), map: '1:2' }],
    });
    await expect(act).rejects.toMatchObject({ problem: { code: 'conflict', field: 'map' } });
    expect(rig.state.current).toBe(before);
  });

  it('tells in a dry run what would be, or why not, and changes nothing', async () => {
    const { streams } = rig;
    const applied = rig.engineProcess.applied.length;
    const good = await streams.patch({ receive: [{ sdp: announcedSdp(), map: '1:5' }], dryRun: true });
    expect(good.undo.clear).toEqual([{ receiverId: 'r1', channel: 1, input: 5 }]);
    const unknown = { receive: [{ sdp: announcedSdp({ encoding: 'AM824' }), map: '1:5' }], dryRun: true };
    await expect(streams.patch(unknown)).rejects.toMatchObject({ problem: { code: 'unsupported' } });
    expect(rig.state.current.receivers).toEqual([]);
    expect(rig.engineProcess.applied).toHaveLength(applied);
  });

  it('asks the engine too in a dry run', async () => {
    const refusal = { code: 'unsupported', message: 'no room' } as const;
    rig.engineProcess.refused.set('r1', refusal);
    const act = rig.streams.patch({ receive: [{ sdp: announcedSdp(), map: '1:5' }], dryRun: true });
    await expect(act).rejects.toMatchObject({ problem: refusal });
  });

  it('does not remove a receiver that somebody else routes by now', async () => {
    const { streams } = rig;
    const { undo } = await streams.patch({ receive: [{ sdp: announcedSdp(), map: '1:5' }] });
    await streams.setRoutes([{ receiverId: 'r1', channel: 2, input: 6 }]);
    await expect(streams.patch(undo)).rejects.toMatchObject({
      problem: { code: 'conflict', field: 'remove' },
    });
    expect(routesInForce()).toEqual([['r1', '0>4', '1>5']]);
  });

  it('patches senders as well', async () => {
    const { streams } = rig;
    await streams.addSender({ name: 'Mix', channels: '1-2' });
    const { undo } = await streams.patch({
      clear: [{ senderId: 's1', output: 1, channel: 1 }],
      set: [{ senderId: 's1', output: 7, channel: 1 }],
    });
    expect(rig.state.current.senders[0]?.routes).toEqual([
      [1, 1],
      [6, 0],
    ]);
    await streams.patch(undo);
    expect(streams.routes()).toContainEqual({ senderId: 's1', output: 1, channel: 1 });
  });
});
