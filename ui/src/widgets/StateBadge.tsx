import { Icon } from './Icon.tsx';

export type Tone = 'ok' | 'warn' | 'bad' | 'quiet';

/** A state as icon and word: colour only repeats them. */
export function StateBadge({ tone, icon, text }: { tone: Tone; icon: string; text: string }) {
  return (
    <span className={`badge tone-${tone}`}>
      <Icon name={icon} />
      {text}
    </span>
  );
}
