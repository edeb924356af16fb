import { useState } from 'react';
import type { SessionInfo } from '@tutti/common';
import { localize } from '../../localize/localize.ts';
import { FormDialog } from '../../widgets/FormDialog.tsx';
import { SelectInput } from '../../widgets/SelectInput.tsx';
import { enteredReceiver, receiveFields, ReceiveFields } from './ReceiveFields.tsx';
import { addressText, streamText } from './session-words.ts';
import { useReceive } from './use-receive.ts';

/** Receives one stream of an announced session into device inputs. */
export function ReceiveDialog({ session, onClose }: { session: SessionInfo; onClose: () => void }) {
  const receive = useReceive();
  const [streamIndex, setStreamIndex] = useState('0');
  const { streams } = session.description;
  const stream = streams[Number(streamIndex)];
  return (
    <FormDialog
      title={localize('sessions.receiveOne', 'Receive {0}', session.name)}
      submitLabel={localize('sessions.receive', 'Receive')}
      fields={streams.length > 1 ? ['stream', ...receiveFields] : receiveFields}
      submit={(form) =>
        receive({ sessionId: session.id, stream: Number(streamIndex), ...enteredReceiver(form) })
      }
      onClose={onClose}
    >
      {streams.length > 1 && (
        <SelectInput
          name="stream"
          label={localize('sessions.stream', 'Stream')}
          choices={streams.map((item, index) => ({
            id: String(index),
            text: `${index + 1}: ${streamText(item)}`,
          }))}
          value={streamIndex}
          onChange={setStreamIndex}
        />
      )}
      {stream && (
        <p className="quiet">
          {streamText(stream)} · <span className="mono">{addressText(stream.legs)}</span>
        </p>
      )}
      <ReceiveFields channels={stream?.channels} autoFocus />
    </FormDialog>
  );
}
