import { connect } from 'node:net';
import { fail } from '@tutti/base';
import { engineMethods, engineProtocolVersion, type EngineWelcome } from '@tutti/common';
import { createMessageConnection, SocketMessageReader, SocketMessageWriter } from 'vscode-jsonrpc/node';
import { processEnded } from '../platform/process-end.ts';
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
  // Calls that are under way end with the connection.
  connection.onClose(() => connection.dispose());
  connection.listen();
  try {
    const hello = { protocol: engineProtocolVersion };
    // An engine of another protocol refuses the greeting, but ends all the same when it is told to.
    const welcome = await call<EngineWelcome>(connection, engineMethods.hello, hello, answerMs).catch(
      () => undefined,
    );
    await call(connection, engineMethods.shutdown, undefined, answerMs).catch(() => undefined);
    if (welcome !== undefined && !(await processEnded(welcome.pid, answerMs))) {
      throw fail('timeout', `the engine (pid ${welcome.pid}) does not end`);
    }
    return true;
  } finally {
    connection.dispose();
    socket.destroy();
  }
}
