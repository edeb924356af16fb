import { useEffect, useMemo, useState } from 'react';
import type { Problem } from '@tutti/base';
import type { SenderInfo, SessionInfo } from '@tutti/common';
import { checkSdp, type SdpProblem } from '@tutti/model';
import { useHost, useHostState, useHostValue } from '../../api/host-context.ts';
import { localize } from '../../localize/localize.ts';
import { ActionButton } from '../../widgets/ActionButton.tsx';
import { CodeEditor } from '../../widgets/CodeEditor.tsx';
import { CopyButton } from '../../widgets/CopyButton.tsx';
import { ProblemNotice } from '../../widgets/ProblemNotice.tsx';
import { safeName, saveFile } from '../../widgets/save-file.ts';
import { SdpProblems } from '../../widgets/SdpText.tsx';
import { useKept } from '../../widgets/use-kept.ts';
import type { EditorProps } from '../../workbench/registry.ts';
import { useWorkbench } from '../../workbench/workbench.ts';
import { settled } from '../senders/SendersTable.tsx';
import { ReceiveSdpDialog } from '../sessions/ReceiveSdpDialog.tsx';
import { addressText, streamText } from '../sessions/session-words.ts';
import './sdp.css';

/**
 * A session description as text, with what our reader remarks underlined: as announced, or changed by hand and then received.
 * Input: `session ID`, `sender ID`, or anything else for a text of one's own.
 */
export function SdpPart({ input = 'draft' }: EditorProps) {
  const workbench = useWorkbench();
  const [kind, id] = splitInput(input);
  const session = useHostState('sessions')?.find((each) =>
    kind === 'sender' ? each.senderId === id && each.state !== 'gone' : kind === 'session' && each.id === id,
  );
  const sender = useHostState('senders')?.find((each) => kind === 'sender' && each.id === id);
  const { announced, problem } = useAnnounced(session, sender);
  const [own, setOwn] = useState<string>();
  const text = own ?? announced ?? '';
  const read = useMemo(() => checkSdp(text), [text]);
  const stream = read.session?.streams[0];
  const name = read.session?.name ?? session?.name ?? sender?.name ?? 'session';
  const isChanged = own !== undefined && announced !== undefined && own !== announced;

  return (
    <div className="editor-page">
      <div className="bar">
        <ActionButton
          icon="arrow-down"
          isDisabled={!stream}
          onPress={() => workbench.openDialog((close) => <ReceiveSdpDialog sdp={text} onClose={close} />)}
        >
          {localize('sdp.receive', 'Receive…')}
        </ActionButton>
        <CopyButton text={text} label={localize('copy', 'Copy')} what={localize('sdp.title', 'SDP')} />
        <ActionButton
          icon="save-as"
          onPress={() => saveFile(`${safeName(name)}.sdp`, new Blob([text], { type: 'application/sdp' }))}
        >
          {localize('sdp.export', 'Export')}
        </ActionButton>
        {isChanged && (
          <ActionButton icon="discard" onPress={() => setOwn(undefined)}>
            {localize('sdp.revert', 'As announced')}
          </ActionButton>
        )}
        <span className="quiet bar-text">
          {stream
            ? `${streamText(stream)} · ${addressText(stream.legs)}`
            : localize('sdp.none', 'This is no session that can be received.')}
        </span>
      </div>
      {problem && <ProblemNotice problem={problem} alert />}
      <CodeEditor
        label={localize('sdp.of', 'SDP of {0}', name)}
        value={text}
        onChange={(changed) => setOwn(withCrlf(changed))}
        check={(current) => checkSdp(withCrlf(current)).problems}
      />
      <Problems problems={read.problems} />
    </div>
  );
}

function Problems({ problems }: { readonly problems: readonly SdpProblem[] }) {
  if (problems.length === 0) {
    return <p className="quiet padded">{localize('sdp.clean', 'The reader has no remarks.')}</p>;
  }
  return (
    <div className="sdp-remarks">
      <SdpProblems problems={problems} />
    </div>
  );
}

/** The text that is on the network (absent while it is not known), and why it could not be had anew. */
function useAnnounced(
  session: SessionInfo | undefined,
  sender: SenderInfo | undefined,
): { readonly announced?: string | undefined; readonly problem?: Problem | undefined } {
  const host = useHost();
  const isLive = useHostValue(({ connection }) => connection === 'live');
  const [sent, setSent] = useState<string>();
  const [problem, setProblem] = useState<Problem>();
  // With another format or address, and after a break of the connection, its description is another one.
  const asked = useKept(session ? undefined : sender && settled(sender));
  useEffect(() => {
    if (!asked || !isLive) return undefined;
    let current = true;
    void host.api.senderSdp(asked.id).then((reply) => {
      if (!current) return;
      setProblem(reply.ok ? undefined : reply.error);
      if (reply.ok) setSent(reply.value);
    });
    return () => {
      current = false;
    };
  }, [host, asked, isLive]);
  return session ? { announced: session.sdp } : { announced: sent, problem };
}

function splitInput(input: string): readonly [string, string] {
  const space = input.indexOf(' ');
  return space < 0 ? [input, ''] : [input.slice(0, space), input.slice(space + 1)];
}

/** Lines as RFC 8866 section 5 ends them. */
const withCrlf = (text: string): string => text.replace(/\r?\n/g, '\r\n');
