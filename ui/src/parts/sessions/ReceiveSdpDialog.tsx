import { useMemo, useState } from 'react';
import { checkSdp } from '@tutti/model';
import { FileTrigger } from 'react-aria-components';
import { localize } from '../../localize/localize.ts';
import { ActionButton } from '../../widgets/ActionButton.tsx';
import { FormDialog } from '../../widgets/FormDialog.tsx';
import { SdpProblems } from '../../widgets/SdpText.tsx';
import { TextInput } from '../../widgets/TextInput.tsx';
import { enteredReceiver, receiveFields, ReceiveFields } from './ReceiveFields.tsx';
import { sdpOfFile } from './sdp-file.ts';
import { addressText, streamText } from './session-words.ts';
import { useReceive } from './use-receive.ts';

/** Receives what an SDP describes that was pasted, dropped, written or read from a file, and says at once what is read in it. */
export function ReceiveSdpDialog(props: { readonly sdp?: string; readonly onClose: () => void }) {
  const receive = useReceive();
  const [sdp, setSdp] = useState(props.sdp ?? '');
  const read = useMemo(() => (sdp.trim() === '' ? undefined : checkSdp(sdp)), [sdp]);
  const stream = read?.session?.streams[0];
  return (
    <FormDialog
      title={localize('sessions.receiveSdpTitle', 'Receive from SDP')}
      submitLabel={localize('sessions.receive', 'Receive')}
      fields={['sdp', ...receiveFields]}
      submit={(form) => receive({ sdp, ...enteredReceiver(form) })}
      onClose={props.onClose}
      wide
    >
      <TextInput
        name="sdp"
        label={localize('sdp.title', 'SDP')}
        rows={9}
        placeholder="v=0"
        value={sdp}
        onChange={setSdp}
        isRequired
        autoFocus
      />
      <div>
        <FileTrigger
          acceptedFileTypes={['.sdp', 'application/sdp', 'text/plain']}
          onSelect={(files) => {
            const file = files?.[0];
            if (file) void sdpOfFile(file).then(setSdp);
          }}
        >
          <ActionButton icon="folder-opened">{localize('sdp.fromFile', 'Read from a file…')}</ActionButton>
        </FileTrigger>
      </div>
      {read && (
        <div role="status">
          {stream ? (
            <p>
              <strong>
                <bdi>{read.session?.name}</bdi>
              </strong>
              : {streamText(stream)} · <span className="mono">{addressText(stream.legs)}</span>
            </p>
          ) : (
            <p>{localize('sdp.none', 'This is no session that can be received.')}</p>
          )}
          <SdpProblems problems={read.problems} />
        </div>
      )}
      <ReceiveFields channels={stream?.channels} />
    </FormDialog>
  );
}
