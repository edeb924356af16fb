import { useEffect } from 'react';
import { DropZone, type DropItem } from 'react-aria-components';
import { useHost } from '../../api/host-context.ts';
import { localize } from '../../localize/localize.ts';
import { PartBoundary } from '../../workbench/PartBoundary.tsx';
import { useWorkbench, type Workbench } from '../../workbench/workbench.ts';
import { ReceiversPart } from '../receivers/ReceiversPart.tsx';
import { SendersPart } from '../senders/SendersPart.tsx';
import { sessionDragType } from '../sessions/drag-session.ts';
import { ReceiveDialog } from '../sessions/ReceiveDialog.tsx';
import { ReceiveSdpDialog } from '../sessions/ReceiveSdpDialog.tsx';
import { looksLikeSdp, sdpOfFile } from '../sessions/sdp-file.ts';
import { SessionsPart } from '../sessions/SessionsPart.tsx';

/** What is on the network, what of it we receive, and what we send. A session or an SDP dropped or pasted here is received. */
export function StreamsPart() {
  const host = useHost();
  const workbench = useWorkbench();
  useEffect(() => {
    const onPaste = (event: ClipboardEvent): void => {
      const text = event.clipboardData?.getData('text/plain') ?? '';
      const isTyping =
        event.target instanceof Element && event.target.closest('input, textarea, .code-editor');
      if (isTyping || !looksLikeSdp(text)) return;
      event.preventDefault();
      receiveText(workbench, text);
    };
    document.addEventListener('paste', onPaste);
    return () => document.removeEventListener('paste', onPaste);
  }, [workbench]);

  const drop = async ([item]: readonly DropItem[]): Promise<void> => {
    if (item?.kind === 'text' && item.types.has(sessionDragType)) {
      const id = await item.getText(sessionDragType);
      const session = host.getView().state?.sessions.find((each) => each.id === id);
      if (session) workbench.openDialog((close) => <ReceiveDialog session={session} onClose={close} />);
    } else if (item?.kind === 'text' && item.types.has('text/plain')) {
      receiveText(workbench, await item.getText('text/plain'));
    } else if (item?.kind === 'file') {
      receiveText(workbench, await sdpOfFile(await item.getFile()));
    }
  };

  return (
    <div className="parts">
      <PartBoundary name={localize('sessions.title', 'Sessions')}>
        <SessionsPart />
      </PartBoundary>
      <DropZone
        className="drop-zone"
        aria-label={localize('streams.drop', 'Drop a session or an SDP here to receive it')}
        onDrop={({ items }) => void drop(items)}
      >
        <PartBoundary name={localize('receivers.title', 'Receivers')}>
          <ReceiversPart />
        </PartBoundary>
      </DropZone>
      <PartBoundary name={localize('senders.title', 'Senders')}>
        <SendersPart />
      </PartBoundary>
    </div>
  );
}

function receiveText(workbench: Workbench, text: string): void {
  if (looksLikeSdp(text)) {
    workbench.openDialog((close) => <ReceiveSdpDialog sdp={text} onClose={close} />);
    return;
  }
  workbench.notify(localize('streams.noSdp', 'What was dropped is no session description.'), {
    tone: 'warn',
    detail: localize('streams.noSdpFix', 'An SDP begins with the line v=0 and is smaller than 16 kB.'),
  });
}
