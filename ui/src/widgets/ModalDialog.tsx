import { localize } from '../localize/localize.ts';
import type { ReactNode } from 'react';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { ActionButton } from './ActionButton.tsx';

/** A modal with title and close button. Escape closes it. It opens when it is rendered. */
export function ModalDialog(props: {
  readonly title: string;
  readonly onClose: () => void;
  readonly role?: 'dialog' | 'alertdialog';
  readonly wide?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <ModalOverlay
      isOpen
      onOpenChange={(open) => {
        if (!open) props.onClose();
      }}
      className="dialog-backdrop"
    >
      <Modal className={props.wide ? 'dialog wide' : 'dialog'}>
        <Dialog role={props.role ?? 'dialog'} className="dialog-body">
          <header className="dialog-header">
            <Heading slot="title" level={2}>
              {props.title}
            </Heading>
            <ActionButton
              kind="quiet"
              icon="close"
              aria-label={localize('close', 'Close')}
              onPress={props.onClose}
            />
          </header>
          {props.children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
