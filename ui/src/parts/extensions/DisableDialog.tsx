import { useEffect, useState } from 'react';
import type { ExtensionImpact, ExtensionInfo } from '@tutti/common';
import { useHost, useHostState } from '../../api/host-context.ts';
import { localize } from '../../localize/localize.ts';
import { ConfirmDialog } from '../../widgets/ConfirmDialog.tsx';

/** Says what would stop with an extension before it is switched off or removed. */
export function DisableDialog(props: {
  readonly extension: ExtensionInfo;
  readonly verb: 'disable' | 'uninstall';
  readonly onClose: () => void;
}) {
  const host = useHost();
  const { id, displayName } = props.extension;
  const [impact, setImpact] = useState<ExtensionImpact>();
  const receivers = useHostState('receivers') ?? [];
  const senders = useHostState('senders') ?? [];
  useEffect(() => {
    let current = true;
    void host.api.extensionImpact(id).then((reply) => {
      if (current && reply.ok) setImpact(reply.value);
    });
    return () => {
      current = false;
    };
  }, [host, id]);

  const nameOf = (streams: readonly { id: string; name: string }[]) => (wanted: string) =>
    streams.find((stream) => stream.id === wanted)?.name ?? wanted;
  const stops = impact && [
    ...impact.dependents,
    ...impact.receivers.map(nameOf(receivers)),
    ...impact.senders.map(nameOf(senders)),
    ...(impact.clock ? [localize('extensions.clock', 'the media clock: it would run free')] : []),
  ];
  return (
    <ConfirmDialog
      title={
        props.verb === 'disable'
          ? localize('extensions.disableAsk', 'Disable {0}?', displayName)
          : localize('extensions.uninstallAsk', 'Uninstall {0}?', displayName)
      }
      confirmLabel={
        props.verb === 'disable'
          ? localize('extensions.disable', 'Disable')
          : localize('extensions.uninstall', 'Uninstall')
      }
      confirm={() =>
        props.verb === 'disable'
          ? host.api.changeExtension(id, 'disable', true)
          : host.api.uninstallExtension(id, true)
      }
      onClose={props.onClose}
    >
      {stops === undefined && <p className="quiet">{localize('extensions.asking', 'Asking the host…')}</p>}
      {stops?.length === 0 && <p>{localize('extensions.noStop', 'No stream stops with it.')}</p>}
      {stops && stops.length > 0 && (
        <>
          <p>{localize('extensions.stops', 'With it stop:')}</p>
          <ul className="plain-list">
            {stops.map((what) => (
              <li key={what}>
                <bdi>{what}</bdi>
              </li>
            ))}
          </ul>
        </>
      )}
    </ConfirmDialog>
  );
}
