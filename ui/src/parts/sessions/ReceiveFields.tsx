import { useState } from 'react';
import type { Problem } from '@tutti/base';
import type { AddReceiver } from '@tutti/common';
import { localize } from '../../localize/localize.ts';
import { useHostState } from '../../api/host-context.ts';
import { InterfaceInput } from '../../widgets/InterfaceInput.tsx';
import { SelectInput } from '../../widgets/SelectInput.tsx';
import { TextInput } from '../../widgets/TextInput.tsx';
import { compact, entered, enteredNumber, readNumber } from '../../widgets/form-values.ts';
import { rangesText } from '../../widgets/words.ts';
import { freeInputs, inputUse } from '../../widgets/channel-use.ts';

/** Names of the fields below, as the host API calls them. */
export const receiveFields = ['map', 'linkOffsetMs', 'timing', 'interface', 'name'];

const timings = [
  { id: 'auto', text: localize('automatic', 'Automatic') },
  { id: 'shared', text: localize('timing.shared', 'Shared media clock') },
  { id: 'resample', text: localize('timing.resample', 'Another clock, resampled') },
  { id: 'arrival', text: localize('timing.arrival', 'Another clock, bit-exact with jumps') },
];

/** What a person decides about a receiver, whatever its session comes from. */
export function ReceiveFields(props: {
  /** Of the stream, once it is known. */
  readonly channels: number | undefined;
  readonly autoFocus?: boolean;
}) {
  const { channels, autoFocus = false } = props;
  const [timing, setTiming] = useState('auto');
  const [linkOffset, setLinkOffset] = useState('');
  const device = useHostState('status')?.device;
  const receivers = useHostState('receivers');
  const free = freeInputs(inputUse(device?.inputs ?? 0, receivers ?? []), channels ?? 0);
  const now =
    channels === undefined || free.length < channels
      ? ''
      : ` ${localize('receive.freeNow', '({0} now)', rangesText(free))}`;
  return (
    <>
      <TextInput
        name="map"
        autoFocus={autoFocus}
        label={localize('column.toInputs', 'Channels to inputs')}
        placeholder="1-8:17-24"
        hint={localize(
          'receive.mapHint',
          'Stream channels, colon, device inputs. Empty: in order, to the first free inputs{0}.',
          now,
        )}
      />
      <div className="form-columns">
        <TextInput
          name="linkOffsetMs"
          label={localize('receive.linkOffset', 'Link offset (ms)')}
          placeholder={localize('automatic', 'Automatic')}
          value={linkOffset}
          onChange={setLinkOffset}
          problem={linkOffset.trim() !== '' && Number.isNaN(readNumber(linkOffset)) ? noNumber() : undefined}
          hint={localize('receive.linkOffsetHint', 'Delay from a sample’s timestamp to its playout.')}
        />
        <SelectInput
          name="timing"
          label={localize('receive.timing', 'Timing')}
          choices={timings}
          value={timing}
          onChange={setTiming}
        />
        <InterfaceInput />
        <TextInput
          name="name"
          label={localize('column.name', 'Name')}
          hint={localize('receive.nameHint', 'Empty: the session’s.')}
        />
      </div>
    </>
  );
}

const noNumber = (): Problem => ({
  code: 'invalid',
  message: localize('receive.noNumber', 'This is no number.'),
  fix: localize('receive.numberFix', 'Write milliseconds, such as 2.5, or nothing.'),
});

/** What was entered in {@link ReceiveFields}. */
export function enteredReceiver(form: FormData): AddReceiver {
  const timing = entered(form, 'timing');
  return compact({
    map: entered(form, 'map'),
    linkOffsetMs: enteredNumber(form, 'linkOffsetMs'),
    timing: timing === 'shared' || timing === 'resample' || timing === 'arrival' ? timing : undefined,
    interface: entered(form, 'interface'),
    name: entered(form, 'name'),
  });
}
