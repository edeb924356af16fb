/**
 * Entry of the extension host process: runs extensions, and answers the host over the fork's channel. When the host goes,
 * so does this process. Messages are those of core/common/src/extension-protocol.ts.
 */
import { TuttiError, type Problem } from '@tutti/base';
import {
  extensionMethods,
  mdnsMethods,
  type ActivateRequest,
  type CallRequest,
  type ConfigurationChange,
  type MdnsEstablished,
  type MdnsFound,
  type MdnsLost,
  type PingReply,
} from '@tutti/common';
import {
  CancellationTokenSource,
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  ResponseError,
} from 'vscode-jsonrpc/node';
import { ExtensionRunner } from './extension-runner.ts';
import { Handles } from './handles.ts';
import type { HostLink } from './host-link.ts';
import { MdnsClient } from './mdns-client.ts';
import { problemOf } from './problem-of.ts';

const connection = createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process));
const host: HostLink = {
  notify: (method, argument) => void connection.sendNotification(method, argument).catch(() => undefined),
  request: async (method, argument, signal) => {
    const source = new CancellationTokenSource();
    const cancel = (): void => source.cancel();
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      return await connection.sendRequest(method, argument, source.token);
    } catch (error) {
      throw error instanceof ResponseError && error.data !== undefined
        ? new TuttiError(error.data as Problem)
        : error;
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  },
};
const handles = new Handles(host);
const mdns = new MdnsClient(host);
const runner = new ExtensionRunner(handles, mdns);

/** Answers a call; what is thrown travels as a problem. The signal is aborted when the host does not wait any more. */
function answer<A, R>(method: string, act: (argument: A, signal: AbortSignal) => Promise<R> | R): void {
  connection.onRequest(method, async (argument: A, token) => {
    const controller = new AbortController();
    const watch = token.onCancellationRequested(() => controller.abort());
    try {
      return (await act(argument, controller.signal)) ?? null;
    } catch (error) {
      const problem = problemOf(error);
      throw new ResponseError(1, problem.message, problem);
    } finally {
      watch.dispose();
    }
  });
}

answer(extensionMethods.activate, (request: ActivateRequest) => runner.activate(request));
answer(extensionMethods.deactivate, (id: string) => runner.deactivate(id));
answer(extensionMethods.ping, (): PingReply => ({ residentBytes: process.memoryUsage.rss() }));
answer(extensionMethods.call, (request: CallRequest, signal) => handles.call(request, signal));
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
