import { Component, type ReactNode } from 'react';
import { localize } from '../localize/localize.ts';
import { ActionButton } from '../widgets/ActionButton.tsx';
import { ProblemNotice } from '../widgets/ProblemNotice.tsx';

interface Props {
  readonly name: string;
  readonly children: ReactNode;
}

/** One part that breaks leaves the others standing. */
export class PartBoundary extends Component<Props, { readonly broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true };
  }

  override render(): ReactNode {
    if (!this.state.broken) return this.props.children;
    return (
      <section className="part" aria-label={this.props.name}>
        <ProblemNotice
          problem={{
            code: 'internal',
            message: localize(
              'boundary.broken',
              '{0} cannot be shown: this is a fault of the page.',
              this.props.name,
            ),
            fix: localize('boundary.fix', 'Audio is not affected. Try again, and report it if it stays.'),
          }}
          alert
        />
        <ActionButton onPress={() => this.setState({ broken: false })}>
          {localize('again', 'Try again')}
        </ActionButton>
      </section>
    );
  }
}
