import type { SessionInfo } from '@tutti/common';
import { CopyButton } from '../../widgets/CopyButton.tsx';
import { ModalDialog } from '../../widgets/ModalDialog.tsx';
import { SdpProblems, SdpText } from '../../widgets/SdpText.tsx';

/** The description as it was announced, with what our reader remarked. */
export function SessionSdpDialog({ session, onClose }: { session: SessionInfo; onClose: () => void }) {
  return (
    <ModalDialog title={`SDP of ${session.name}`} onClose={onClose} wide>
      <SdpProblems problems={session.problems} />
      <SdpText sdp={session.sdp} label={`SDP of ${session.name}`} />
      <footer className="dialog-buttons">
        <CopyButton text={session.sdp} label="Copy" what="SDP" />
      </footer>
    </ModalDialog>
  );
}
