import { useEffect, useState } from 'react';
import type { SdpReadResult } from '@tutti/model';
import { useHost } from '../../api/host-context.ts';
import { FormDialog } from '../../widgets/FormDialog.tsx';
import { SdpProblems } from '../../widgets/SdpText.tsx';
import { TextInput } from '../../widgets/TextInput.tsx';
import { enteredReceiver, receiveFields, ReceiveFields } from './ReceiveFields.tsx';
import { addressText, streamText } from './session-words.ts';
import { useReceive } from './use-receive.ts';

/** Receives what a pasted SDP describes; the host says at once what it reads in it. */
export function ReceiveSdpDialog({ onClose }: { readonly onClose: () => void }) {
  const receive = useReceive();
  const [sdp, setSdp] = useState('');
  const read = useSdpCheck(sdp);
  const stream = read?.session?.streams[0];
  return (
    <FormDialog
      title="Receive from SDP"
      submitLabel="Receive"
      fields={['sdp', ...receiveFields]}
      submit={(form) => receive({ sdp, ...enteredReceiver(form) })}
      onClose={onClose}
      wide
    >
      <TextInput
        name="sdp"
        label="SDP"
        rows={9}
        placeholder="v=0"
        value={sdp}
        onChange={setSdp}
        isRequired
        autoFocus
      />
      {read && (
        <div role="status">
          {stream ? (
            <p>
              <strong>{read.session?.name}</strong>: {streamText(stream)} from{' '}
              <span className="mono">{addressText(stream.legs)}</span>
            </p>
          ) : (
            <p>This is no session that can be received.</p>
          )}
          <SdpProblems problems={read.problems} />
        </div>
      )}
      <ReceiveFields channels={stream?.channels} />
    </FormDialog>
  );
}

/** What the host reads in a text, a moment after typing stopped; undefined while there is nothing to say. */
function useSdpCheck(sdp: string): SdpReadResult | undefined {
  const host = useHost();
  const [read, setRead] = useState<SdpReadResult>();
  useEffect(() => {
    let current = true;
    const check = async (): Promise<void> => {
      const result = sdp.trim() === '' ? undefined : await host.api.checkSdp(sdp);
      if (current) setRead(result?.ok ? result.value : undefined);
    };
    const timer = setTimeout(() => void check(), 300);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [host, sdp]);
  return read;
}
