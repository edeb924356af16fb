import { useState } from 'react';
import { localize } from '../localize/localize.ts';
import { useHostState } from '../api/host-context.ts';
import { SelectInput } from './SelectInput.tsx';

/** Which network interface a stream uses; the host's own choice unless one is picked. */
export function InterfaceInput() {
  const interfaces = useHostState('status')?.interfaces ?? [];
  const [chosen, setChosen] = useState('');
  const choices = [
    { id: '', text: localize('automatic', 'Automatic') },
    ...interfaces.map(({ name, address }) => ({ id: name, text: `${name} (${address})` })),
  ];
  return (
    <SelectInput
      name="interface"
      label={localize('interface', 'Interface')}
      choices={choices}
      value={chosen}
      onChange={setChosen}
    />
  );
}
