import { useId, type ReactNode } from 'react';
import { Icon } from './Icon.tsx';

/** A part of the workbench: a region with its heading, a count and its own actions. */
export function Part(props: {
  readonly title: string;
  readonly icon: string;
  /** Beside the title: how many, what of. */
  readonly summary?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}) {
  const heading = useId();
  return (
    <section className="part" aria-labelledby={heading}>
      <header className="part-header">
        <Icon name={props.icon} />
        <h2 id={heading}>{props.title}</h2>
        {props.summary !== undefined && <div className="part-summary">{props.summary}</div>}
        <div className="part-actions">{props.actions}</div>
      </header>
      {props.children}
    </section>
  );
}
