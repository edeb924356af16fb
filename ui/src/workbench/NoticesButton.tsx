import type { EngineNotice } from '@tutti/common';
import { Dialog, DialogTrigger, Heading, Popover } from 'react-aria-components';
import { ActionButton } from '../widgets/ActionButton.tsx';

/** What is not as it should be on this machine, each with its fix. */
export function NoticesButton({ notices }: { readonly notices: readonly EngineNotice[] }) {
  return (
    <DialogTrigger>
      <ActionButton kind="quiet" icon="warning">
        {notices.length === 1 ? '1 notice' : `${notices.length} notices`}
      </ActionButton>
      <Popover className="popover" placement="top">
        <Dialog className="notices">
          <Heading slot="title" level={2}>
            Notices of the engine
          </Heading>
          <ul>
            {notices.map((notice) => (
              <li key={notice.code}>
                <p>{notice.message}</p>
                <p className="quiet">{notice.fix}</p>
              </li>
            ))}
          </ul>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
