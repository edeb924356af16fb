import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engineMethods, engineProtocolVersion, type EnginePlan, type EngineWelcome } from '@tutti/common';
import { startNativeEngine, type NativeEngine } from '../src/addon.ts';
import { EngineServer } from '../src/engine-server.ts';

const root = resolve(import.meta.dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'tutti-engine-'));
const socketPath = join(folder, 'engine.sock');
const region = `/dev/shm/tutti-test-${process.pid}.device`;
const telemetry = `/dev/shm/tutti-test-${process.pid}.telemetry`;

const library = join(root, 'extensions/aes67/dist/native/aes67.so');
const plan: EnginePlan = {
  device: { name: 'Test', rate: 48000, inputs: 128, outputs: 128 },
  clock: { source: 'system', options: {} },
  plugins: [
    { kind: 'codec', id: 'L24', path: library, file: 'as built' },
    { kind: 'clock', id: 'system', path: library, file: 'as built' },
  ],
  receivers: [],
  senders: [],
};

let native: NativeEngine;
let server: EngineServer;
let shutdowns = 0;

beforeAll(async () => {
  native = startNativeEngine(join(root, 'dist/native/engine.node'), region, telemetry);
  server = new EngineServer(native, region, '0.1.0', () => (shutdowns += 1));
  await server.listen(socketPath);
});

afterAll(() => {
  server.close();
  native.stop();
  for (const path of [folder, region, telemetry]) rmSync(path, { recursive: true, force: true });
});

async function open(): Promise<MessageConnection & { closed: Promise<void> }> {
  const socket = connect(socketPath);
  await new Promise((done) => socket.once('connect', done));
  const connection = createMessageConnection(
    new StreamMessageReader(socket),
    new StreamMessageWriter(socket),
  );
  const closed = new Promise<void>((done) => connection.onClose(() => done()));
  connection.listen();
  return Object.assign(connection, { closed });
}

const hello = (connection: MessageConnection): Promise<EngineWelcome> =>
  connection.sendRequest(engineMethods.hello, { protocol: engineProtocolVersion });

describe('the engine process', () => {
  it('refuses a host of another protocol version and says what to do', async () => {
    const host = await open();
    await expect(host.sendRequest(engineMethods.hello, { protocol: 999 })).rejects.toThrow(
      /protocol 1, not 999/,
    );
    host.end();
  });

  it('does nothing before hello', async () => {
    const host = await open();
    await expect(host.sendRequest(engineMethods.applyPlan, { plan })).rejects.toThrow(/hello first/);
    host.end();
  });

  it('keeps the plan for a host that comes later, and closes the connection of the one before', async () => {
    const first = await open();
    expect((await hello(first)).plan).toBeNull();
    const reply = await first.sendRequest<{ problems: unknown[] }>(engineMethods.applyPlan, { plan });
    expect(reply.problems).toEqual([]);
    const second = await open();
    expect((await hello(second)).plan).toEqual(plan);
    await first.closed;
    second.end();
  });

  it('checks a plan without putting it in force', async () => {
    const host = await open();
    await hello(host);
    const bad = { ...plan, device: { ...plan.device, rate: 1 } };
    const reply = await host.sendRequest<{ problems: { id: string; problem: { field: string } }[] }>(
      engineMethods.applyPlan,
      { plan: bad, dryRun: true },
    );
    expect(reply.problems[0]?.problem.field).toBe('device.rate');
    const again = await open();
    expect((await hello(again)).plan).toEqual(plan);
    again.end();
  });

  it('refuses to listen where another engine answers', async () => {
    const other = new EngineServer(native, region, '0.1.0', () => undefined);
    await expect(other.listen(socketPath)).rejects.toThrow(/running/);
    other.close();
  });

  it('ends when it is told to', async () => {
    const host = await open();
    await hello(host);
    await host.sendRequest(engineMethods.shutdown);
    await expect.poll(() => shutdowns).toBe(1);
    host.end();
  });
});
