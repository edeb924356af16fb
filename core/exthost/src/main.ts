/**
 * Entry of the extension host process: runs extensions, and answers the host over the fork's channel. When the host goes,
 * so does this process. Messages are those of core/common/src/extension-protocol.ts.
 */
import { toProblem } from '@tutti/base';
import {
  extensionMethods,
  mdnsMethods,
  type ActivateRequest,
  type ConfigurationChange,
  type MdnsEstablished,
  type MdnsFound,
  type MdnsLost,
  type PingReply,
  type PublishRequest,
  type SdpWillPublishRequest,
  type SessionParsedRequest,
} from '@tutti/common';
import {
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  ResponseError,
} from 'vscode-jsonrpc/node';
import { ExtensionRunner } from './extension-runner.ts';
import { Handles } from './handles.ts';
import { MdnsClient } from './mdns-client.ts';

const connection = createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process));
const handles = new Handles((method, argument) => {
  connection.sendNotification(method, argument).catch(() => undefined);
});
const mdns = new MdnsClient({
  request: (method, argument) => connection.sendRequest(method, argument),
  notify: (method, argument) => void connection.sendNotification(method, argument).catch(() => undefined),
});
const runner = new ExtensionRunner(handles, mdns);

/** Answers a call; what is thrown travels as a problem. */
function answer<A, R>(method: string, act: (argument: A) => Promise<R> | R): void {
  connection.onRequest(method, async (argument: A) => {
    try {
      return (await act(argument)) ?? null;
    } catch (error) {
      const problem = toProblem(error);
      throw new ResponseError(1, problem.message, problem);
    }
  });
}

answer(extensionMethods.activate, (request: ActivateRequest) => runner.activate(request));
answer(extensionMethods.deactivate, (id: string) => runner.deactivate(id));
answer(extensionMethods.ping, (): PingReply => ({ residentBytes: process.memoryUsage.rss() }));
answer(extensionMethods.startProvider, (handle: number) => handles.startProvider(handle));
answer(extensionMethods.stopProvider, (handle: number) => handles.stopProvider(handle));
answer(extensionMethods.publish, ({ handle, sessions }: PublishRequest) =>
  handles.publisher(handle).publish(sessions),
);
answer(extensionMethods.sessionParsed, ({ handle, session, sdp }: SessionParsedRequest) =>
  handles.sessionParsed(handle)(session, sdp),
);
answer(extensionMethods.sdpWillPublish, ({ handle, sdp, senderId }: SdpWillPublishRequest) =>
  handles.sdpWillPublish(handle)(sdp, senderId),
);
connection.onNotification(
  extensionMethods.interfaces,
  ({ interfaces }: Pick<ActivateRequest, 'interfaces'>) => runner.interfacesChanged(interfaces),
);
connection.onNotification(extensionMethods.configuration, (change: ConfigurationChange) =>
  runner.configurationChanged(change),
);
connection.onNotification(mdnsMethods.found, (each: MdnsFound) => mdns.found(each));
connection.onNotification(mdnsMethods.lost, (each: MdnsLost) => mdns.lost(each));
connection.onNotification(mdnsMethods.established, (each: MdnsEstablished) => mdns.established(each));

process.on('unhandledRejection', (error) => handles.logUnowned('exthost.rejection', error));
process.on('uncaughtException', (error) => {
  // The extension at fault is not known, so this process is not to be trusted any more: the host starts a clean one.
  handles.logUnowned('exthost.exception', error);
  setTimeout(() => process.exit(1), 50);
});
/** Lets every extension say goodbye to the network (SAP deletions), but not for long. */
async function end(): Promise<void> {
  setTimeout(() => process.exit(0), 2000).unref();
  await runner.deactivateAll();
  process.exit(0);
}
process.on('SIGTERM', () => void end());
// A terminal's Ctrl-C reaches the whole group; the host decides when this process ends.
process.on('SIGINT', () => undefined);
// The host died: its engine goes on sending, so nothing is withdrawn from the network; the next host takes over.
process.on('disconnect', () => process.exit(0));
connection.listen();
