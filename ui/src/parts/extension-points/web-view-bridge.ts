import { DisposableStore, toDisposable, type Disposable } from '@tutti/base';
import type { Host } from '../../api/host.ts';
import { localize } from '../../localize/localize.ts';

/** A page that says more than this at once is told to wait. */
const mostWaiting = 32;
/** Characters of JSON; the host takes little more. */
const mostCharacters = 200_000;

/**
 * Carries messages between the page of a web view and its extension. What the page posts to its parent goes to the extension;
 * with a port it gets the answer there, `{ result }` or `{ error: { code, message } }`. What the extension posts arrives as a message.
 * Nothing else of the workbench can be reached.
 */
export function connectWebView(
  frame: HTMLIFrameElement,
  view: string,
  host: Pick<Host, 'api' | 'onContribution'>,
): Disposable {
  const store = new DisposableStore();
  let waiting = 0;
  const carry = async (message: unknown, port: MessagePort | undefined): Promise<void> => {
    const refusal = refuse(message, waiting);
    if (refusal !== undefined) {
      port?.postMessage({ error: { code: 'invalid', message: refusal } });
      return;
    }
    waiting += 1;
    const reply = await host.api.viewMessage(view, message ?? null);
    waiting -= 1;
    if (reply.ok) port?.postMessage({ result: reply.value.result });
    else port?.postMessage({ error: { code: reply.error.code, message: reply.error.message } });
  };
  const onMessage = (event: MessageEvent<unknown>): void => {
    // Its origin is nobody's (`null`), as that of every sandbox: only the window itself says who speaks.
    if (event.source === frame.contentWindow) void carry(event.data, event.ports[0]);
  };
  window.addEventListener('message', onMessage);
  store.add(toDisposable(() => window.removeEventListener('message', onMessage)));
  store.add(
    host.onContribution((message) => {
      if (message.kind === 'viewMessage' && message.view === view)
        frame.contentWindow?.postMessage(message.message, '*');
    }),
  );
  return store;
}

/** Why a message cannot be carried. */
function refuse(message: unknown, waiting: number): string | undefined {
  if (waiting >= mostWaiting)
    return localize('webView.busy', '{0} messages are waiting for an answer already', waiting);
  try {
    const { length } = JSON.stringify(message ?? null);
    return length > mostCharacters
      ? localize('webView.large', 'a message has {0} characters at most', mostCharacters)
      : undefined;
  } catch {
    return localize('webView.noJson', 'a message is plain data');
  }
}
