import { useState } from 'react';
import { parseChannelList, parseDestination } from '@tutti/model';
import { localize } from '../../localize/localize.ts';
import { useHost, useHostState } from '../../api/host-context.ts';
import { compact, entered, enteredNumber } from '../../widgets/form-values.ts';
import { FaultText } from '../../widgets/FaultText.tsx';
import { FormDialog } from '../../widgets/FormDialog.tsx';
import { CheckInput } from '../../widgets/CheckInput.tsx';
import { rangesText } from '../../widgets/words.ts';
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
  const [dest, setDest] = useState('');

  const senders = useHostState('senders') ?? [];
  const sent = new Set(senders.flatMap(({ map }) => map.map(([output]) => output)));
  const outputs = parseChannelList(channels);
  const taken = outputs.ok ? outputs.value.filter((output) => sent.has(output)) : [];
  const destination = parseDestination(dest);

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
      host.announce(localize('senders.added', 'Sender {0} added.', result.value.name));
    }
    return result;
  };

  return (
    <FormDialog
      title={localize('senders.addTitle', 'Add sender')}
      submitLabel={localize('senders.addTitle', 'Add sender')}
      fields={fields}
      submit={submit}
      onClose={onClose}
    >
      <TextInput
        name="name"
        label={localize('column.name', 'Name')}
        hint={localize('senders.nameHint', 'As receivers see it in the announcement.')}
        isRequired
        autoFocus
      />
      <TextInput
        name="channels"
        label={localize('senders.outputs', 'Device outputs')}
        placeholder="1-8"
        value={channels}
        onChange={setChannels}
        problem={channels === '' || outputs.ok ? undefined : outputs.error}
        hint={
          taken.length === 0 ? (
            localize('senders.outputsHint', 'As 1-8 or 1,3,5: the first becomes channel 1 of the stream.')
          ) : (
            <FaultText>
              {localize(
                'senders.taken',
                'Sent already: {0}. Share them below, or choose others.',
                rangesText(taken),
              )}
            </FaultText>
          )
        }
        isRequired
      />
      <div className="form-columns">
        <SelectInput
          name="format"
          label={localize('column.format', 'Format')}
          choices={formats}
          value={format}
          onChange={setFormat}
        />
        <SelectInput
          name="ptime"
          label={localize('senders.packetTime', 'Packet time')}
          choices={packetTimes}
          value={ptime}
          onChange={setPtime}
          hint={<PacketSizeHint entry={{ channels, format, ptime: Number(ptime), rate }} />}
        />
        <TextInput
          name="dest"
          label={localize('senders.destination', 'Destination')}
          placeholder="239.x.y.z:5004"
          value={dest}
          onChange={setDest}
          problem={dest === '' || destination.ok ? undefined : destination.error}
          hint={localize('senders.destinationHint', 'Empty: a free group.')}
        />
        <InterfaceInput />
      </div>
      <div className="form-columns narrow">
        <NumberInput
          name="payloadType"
          label={localize('column.payloadType', 'Payload type')}
          placeholder={localize('automatic', 'Automatic')}
          minValue={96}
          maxValue={127}
        />
        <NumberInput name="dscp" label="DSCP" placeholder="34" minValue={0} maxValue={63} />
        <NumberInput name="ttl" label="TTL" placeholder="32" minValue={1} maxValue={255} />
      </div>
      <CheckInput name="share" label={localize('senders.share', 'Other senders may send the same outputs')} />
    </FormDialog>
  );
}
