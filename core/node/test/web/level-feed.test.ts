import { Emitter } from '@tutti/base';
import { decodeMeterFrame, type MeterFrame } from '@tutti/common';
import { expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { LevelFeed } from '../../src/web/level-feed.ts';

it('levels go to those who listen, and nothing is reckoned while nobody does', async () => {
  const meters = new Emitter<MeterFrame>();
  const frame = { inputs: Float32Array.of(0.5, 0.25), outputs: Float32Array.of(1) };
  let reckoned = 0;
  const dsdChannels = () => {
    reckoned += 1;
    return { dsdInputs: new Set([1]), dsdOutputs: new Set<number>() };
  };
  const feed = new LevelFeed({ dsdChannels }, meters.event);
  meters.fire(frame);
  expect(reckoned).toBe(0);

  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', (socket) => feed.add(socket));
  await once(server, 'listening');
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  client.binaryType = 'arraybuffer';
  await once(client, 'open');
  const heard = once(client, 'message');
  meters.fire(frame);
  const [data] = (await heard) as [ArrayBuffer];
  // Channel 2 carries words of DSD, which have no level.
  expect(decodeMeterFrame(data)).toMatchObject({
    inputs: Float32Array.of(0.5, 0),
    outputs: Float32Array.of(1),
    dsdInputs: new Set([1]),
  });

  const closed = once(client, 'close');
  feed.dispose();
  expect((await closed)[0]).toBe(1001);
  meters.fire(frame);
  expect(reckoned).toBe(1);
  server.close();
});
