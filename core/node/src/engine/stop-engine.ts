import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { engineMethods, engineProtocolVersion } from '@tutti/common';
import { createMessageConnection, SocketMessageReader, SocketMessageWriter } from 'vscode-jsonrpc/node';
import { call } from './rpc.ts';

const answerMs = 2000;

/** Ends an engine that goes on without a host. False if none was running. */
export async function stopEngine(socketPath: string): Promise<boolean> {
  const socket = connect(socketPath);
  const connected = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
  });
  if (!connected) return false;
  socket.on('error', () => socket.destroy());
  const connection = createMessageConnection(
    new SocketMessageReader(socket),
    new SocketMessageWriter(socket),
  );
  const closed = new Promise<void>((resolve) =>
    connection.onClose(() => {
      connection.dispose();
      resolve();
    }),
  );
  connection.listen();
  await call(connection, engineMethods.hello, { protocol: engineProtocolVersion }, answerMs);
  await call(connection, engineMethods.shutdown, undefined, answerMs).catch(() => undefined);
  await Promise.race([closed, sleep(answerMs, undefined, { ref: false })]);
  connection.dispose();
  socket.destroy();
  return true;
}
