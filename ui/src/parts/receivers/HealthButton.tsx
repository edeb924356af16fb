import { Button } from 'react-aria-components';
import { localize } from '../../localize/localize.ts';
import { Icon } from '../../widgets/Icon.tsx';
import { decidingLink, healthLinks, healthLook, linkTitle, type HealthFace } from './health-words.ts';
import './health.css';

/** Is audio coming? The whole in a word, each link of the chain as a mark; pressed, it says why. */
export function HealthButton(props: {
  /** Of the receiver. */
  readonly name: string;
  readonly health: HealthFace;
  readonly onPress: () => void;
}) {
  const { name, health } = props;
  const whole = healthLook(health.overall);
  const deciding = health[decidingLink(health)];
  const label = localize('health.of', 'Health of {0}: {1}. {2}', name, whole.text, deciding.message);
  return (
    <Button className="health-button" aria-label={label} onPress={props.onPress}>
      <span className={`health-whole tone-${whole.tone}`}>
        <Icon name={whole.icon} /> {whole.text}
      </span>
      <span className="health-marks" aria-hidden="true">
        {healthLinks.map((link) => {
          const look = healthLook(health[link].state);
          return (
            <span
              key={link}
              className={`tone-${look.tone}`}
              title={`${linkTitle(link)}: ${health[link].message}`}
            >
              <Icon name={link === 'signal' ? signalIcon(health[link].state) : look.icon} />
            </span>
          );
        })}
      </span>
    </Button>
  );
}

const signalIcon = (state: string): string => (state === 'healthy' ? 'unmute' : 'mute');
