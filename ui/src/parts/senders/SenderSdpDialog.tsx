import { useEffect, useState } from 'react';
import type { SenderInfo } from '@tutti/common';
import type { Problem, Result } from '@tutti/base';
import { useHost } from '../../api/host-context.ts';
import { CopyButton } from '../../widgets/CopyButton.tsx';
import { ModalDialog } from '../../widgets/ModalDialog.tsx';
import { ProblemNotice } from '../../widgets/ProblemNotice.tsx';
import { SdpText } from '../../widgets/SdpText.tsx';

/** The SDP that a sender announces, for devices that want it by hand. */
export function SenderSdpDialog({ sender, onClose }: { sender: SenderInfo; onClose: () => void }) {
  const host = useHost();
  const [sdp, setSdp] = useState<Result<string, Problem>>();

  useEffect(() => {
    let current = true;
    void host.api.senderSdp(sender.id).then((result) => {
      if (current) setSdp(result);
    });
    return () => {
      current = false;
    };
  }, [host, sender.id]);

  return (
    <ModalDialog title={`SDP of ${sender.name}`} onClose={onClose} wide>
      {sdp === undefined && <p className="quiet">Asking the host…</p>}
      {sdp?.ok === false && <ProblemNotice problem={sdp.error} alert />}
      {sdp?.ok === true && (
        <>
          <SdpText sdp={sdp.value} label={`SDP of ${sender.name}`} />
          <footer className="dialog-buttons">
            <CopyButton text={sdp.value} label="Copy" what="SDP" />
          </footer>
        </>
      )}
    </ModalDialog>
  );
}
