import type { ReceiverInfo } from '@tutti/common';
import { localize } from '../../localize/localize.ts';
import { ModalDialog } from '../../widgets/ModalDialog.tsx';
import { StateBadge } from '../../widgets/StateBadge.tsx';
import { healthLinks, healthLook, linkTitle } from './health-words.ts';
import './health.css';

/** The chain from the wire to the signal: each link with its sentence, the number it rests on, and what to do. Live. */
export function HealthDialog(props: { readonly receiver: ReceiverInfo; readonly onClose: () => void }) {
  const { name, health } = props.receiver;
  return (
    <ModalDialog title={localize('health.title', 'Health of {0}', name)} wide onClose={props.onClose}>
      <ol className="health-chain">
        {healthLinks.map((link) => {
          const { state, message, evidence, fix } = health[link];
          return (
            <li key={link}>
              <h3>{linkTitle(link)}</h3>
              <StateBadge {...healthLook(state)} />
              <div>
                <p>{message}</p>
                <p className="quiet mono">{evidence}</p>
                {fix !== undefined && (
                  <p>
                    <strong>{localize('health.fix', 'What to do:')}</strong> {fix}
                  </p>
                )}
              </div>
            </li>
          );
        })}
      </ol>
    </ModalDialog>
  );
}
