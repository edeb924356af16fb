import { useState } from 'react';
import { useHost, useHostState } from '../../api/host-context.ts';
import { compact, entered, enteredNumber } from '../../widgets/form-values.ts';
import { FormDialog } from '../../widgets/FormDialog.tsx';
import { CheckInput } from '../../widgets/CheckInput.tsx';
import { InterfaceInput } from '../../widgets/InterfaceInput.tsx';
import { NumberInput } from '../../widgets/NumberInput.tsx';
import { SelectInput } from '../../widgets/SelectInput.tsx';
import { TextInput } from '../../widgets/TextInput.tsx';
import { PacketSizeHint } from './PacketSizeHint.tsx';

const fields = ['name', 'channels', 'format', 'ptime', 'dest', 'interface', 'payloadType', 'dscp', 'ttl'];

const formats = ['L24', 'L16'].map((id) => ({ id, text: id }));
const packetTimes = [
  { id: '0.125', text: '125 µs' },
  { id: '0.25', text: '250 µs' },
  { id: '0.333', text: '333 µs' },
  { id: '1', text: '1 ms' },
  { id: '4', text: '4 ms' },
];

/** Sends device outputs as a stream of our own. */
export function AddSenderDialog({ onClose }: { readonly onClose: () => void }) {
  const host = useHost();
  const rate = useHostState('status')?.device.rate ?? 48_000;
  const [channels, setChannels] = useState('');
  const [format, setFormat] = useState('L24');
  const [ptime, setPtime] = useState('1');

  const submit = async (form: FormData) => {
    const result = await host.api.addSender(
      compact({
        name: entered(form, 'name') ?? '',
        channels: channels.trim(),
        format,
        ptime: Number(ptime),
        dest: entered(form, 'dest'),
        interface: entered(form, 'interface'),
        payloadType: enteredNumber(form, 'payloadType'),
        dscp: enteredNumber(form, 'dscp'),
        ttl: enteredNumber(form, 'ttl'),
        share: entered(form, 'share') === 'on' ? true : undefined,
      }),
    );
    if (result.ok) {
      host.senderAdded(result.value);
      host.announce(`Sender ${result.value.name} added.`);
    }
    return result;
  };

  return (
    <FormDialog title="Add sender" submitLabel="Add sender" fields={fields} submit={submit} onClose={onClose}>
      <TextInput
        name="name"
        label="Name"
        hint="As receivers see it in the announcement."
        isRequired
        autoFocus
      />
      <TextInput
        name="channels"
        label="Device outputs"
        placeholder="1-8"
        value={channels}
        onChange={setChannels}
        hint="As 1-8 or 1,3,5: the first becomes channel 1 of the stream."
        isRequired
      />
      <div className="form-columns">
        <SelectInput name="format" label="Format" choices={formats} value={format} onChange={setFormat} />
        <SelectInput
          name="ptime"
          label="Packet time"
          choices={packetTimes}
          value={ptime}
          onChange={setPtime}
          hint={<PacketSizeHint entry={{ channels, format, ptime: Number(ptime), rate }} />}
        />
        <TextInput name="dest" label="Destination" placeholder="239.x.y.z:5004" hint="Empty: a free group." />
        <InterfaceInput />
      </div>
      <div className="form-columns narrow">
        <NumberInput
          name="payloadType"
          label="Payload type"
          placeholder="Automatic"
          minValue={96}
          maxValue={127}
        />
        <NumberInput name="dscp" label="DSCP" placeholder="34" minValue={0} maxValue={63} />
        <NumberInput name="ttl" label="TTL" placeholder="32" minValue={1} maxValue={255} />
      </div>
      <CheckInput name="share" label="Other senders may send the same outputs" />
    </FormDialog>
  );
}
