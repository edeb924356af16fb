import { useState } from 'react';
import {
  Autocomplete,
  Dialog,
  Input,
  Menu,
  MenuItem,
  Modal,
  ModalOverlay,
  SearchField,
} from 'react-aria-components';
import { localize } from '../localize/localize.ts';
import { Icon } from '../widgets/Icon.tsx';
import { rank } from './rank.ts';

export interface Pick {
  readonly id: string;
  readonly label: string;
  readonly detail?: string | undefined;
  readonly icon?: string | undefined;
  readonly keys?: string | undefined;
  readonly run: () => void;
}

/** So many are drawn: who wants more types another letter. */
const mostShown = 60;

/** A list to choose from by typing: commands, sessions, channels. */
export function CommandPalette(props: {
  readonly label: string;
  readonly placeholder: string;
  readonly picks: readonly Pick[];
  readonly onClose: () => void;
}) {
  const { label, picks, onClose } = props;
  const [text, setText] = useState('');
  const found = rank(picks, text, (pick) => `${pick.label} ${pick.detail ?? ''}`);
  const shown = found.slice(0, mostShown);
  return (
    <ModalOverlay
      isOpen
      isDismissable
      onOpenChange={(open) => !open && onClose()}
      className="palette-backdrop"
    >
      <Modal className="palette">
        <Dialog aria-label={label} className="palette-body">
          <Autocomplete inputValue={text} onInputChange={setText}>
            <SearchField aria-label={label} autoFocus className="palette-input">
              <Input placeholder={props.placeholder} />
            </SearchField>
            {/* In the tab order, so that it can be scrolled without a pointer while the field keeps the focus of the list. */}
            <div className="palette-scroll" role="group" aria-label={label} tabIndex={0}>
              <Menu
                items={shown}
                className="list palette-list"
                aria-label={label}
                onAction={(key) => {
                  const chosen = picks.find(({ id }) => id === key);
                  onClose();
                  chosen?.run();
                }}
                renderEmptyState={() => (
                  <p className="quiet padded">{localize('palette.none', 'Nothing matches.')}</p>
                )}
              >
                {(pick) => (
                  <MenuItem id={pick.id} textValue={pick.label} className="list-item">
                    <Icon name={pick.icon ?? 'blank'} />
                    <span className="palette-label">{pick.label}</span>
                    {pick.detail !== undefined && <span className="palette-detail quiet">{pick.detail}</span>}
                    {pick.keys !== undefined && <kbd>{pick.keys}</kbd>}
                  </MenuItem>
                )}
              </Menu>
            </div>
          </Autocomplete>
          {found.length > shown.length && (
            <p className="quiet palette-more">
              {localize('palette.more', '{0} more: keep typing.', found.length - shown.length)}
            </p>
          )}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
