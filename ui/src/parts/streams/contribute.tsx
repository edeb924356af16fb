import type { MenuPlace } from '@tutti/api';
import { localize } from '../../localize/localize.ts';
import type { Contribution } from '../../workbench/contribution.ts';
import type { QuickEntry, Target } from '../../workbench/registry.ts';
import { inputUse, outputUse } from '../../widgets/channel-use.ts';
import { AddSenderDialog } from '../senders/AddSenderDialog.tsx';
import { ReceiveDialog } from '../sessions/ReceiveDialog.tsx';
import { ReceiveSdpDialog } from '../sessions/ReceiveSdpDialog.tsx';
import { sessionFilter } from '../sessions/session-filter.ts';
import { providersText, streamText } from '../sessions/session-words.ts';
import { StreamsPart } from './StreamsPart.tsx';

export const contributeStreams: Contribution = ({ register, workbench, host }) => {
  const title = localize('streams.title', 'Streams');
  const icon = 'radio-tower';
  register.part({ id: 'streams', location: 'editor', title, icon, component: StreamsPart });
  register.part({ id: 'streams', location: 'activity', title, icon, order: 10, editor: 'streams' });

  register.command({
    id: 'streams.show',
    title: localize('streams.show', 'Show streams'),
    category: localize('view.category', 'View'),
    icon,
    run: () => workbench.openActivity('streams'),
  });
  register.command({
    id: 'streams.receiveSdp',
    title: localize('sessions.receiveSdp', 'Receive from SDP…'),
    category: title,
    icon: 'arrow-down',
    run: () => workbench.openDialog((close) => <ReceiveSdpDialog onClose={close} />),
  });
  register.command({
    id: 'streams.addSender',
    title: localize('senders.add', 'Add sender…'),
    category: title,
    icon: 'add',
    run: () => workbench.openDialog((close) => <AddSenderDialog onClose={close} />),
  });

  contributeMenus({ register, workbench, host });
  register.quickSource('sessions', () =>
    (host.getView().state?.sessions ?? []).map((session): QuickEntry => {
      const [stream] = session.description.streams;
      return {
        id: session.id,
        label: session.name.slice(0, 200),
        detail: [stream && streamText(stream), providersText(session)].filter(Boolean).join(' · '),
        icon,
        open: () => {
          sessionFilter.set({ text: session.name.slice(0, 100), state: 'all' });
          workbench.openActivity('streams');
        },
      };
    }),
  );
  register.quickSource('channels', () => {
    const state = host.getView().state;
    if (!state) return [];
    const { inputs, outputs } = state.status.device;
    const open = (): void =>
      workbench.registries.parts.get('activity:routing')
        ? workbench.openActivity('routing')
        : workbench.openPanel('meters');
    const entries = (use: readonly (string | undefined)[], word: (channel: number) => string, name: string) =>
      use.map((who, index): QuickEntry => ({
        id: `${name} ${index}`,
        label: word(index + 1),
        detail: who ?? localize('channels.free', 'no route'),
        icon: name === 'input' ? 'arrow-down' : 'arrow-up',
        open,
      }));
    return [
      ...entries(
        inputUse(inputs, state.receivers),
        (n) => localize('channels.input', 'Input {0}', n),
        'input',
      ),
      ...entries(
        outputUse(outputs, state.senders),
        (n) => localize('channels.output', 'Output {0}', n),
        'output',
      ),
    ];
  });
};

/** What can be done with one session or sender, in its menu. */
const contributeMenus: Contribution = ({ register, workbench }) => {
  const acts = (
    place: MenuPlace,
    id: string,
    title: string,
    icon: string,
    run: (target: Target) => void,
    isEnabled?: (target: Target) => boolean,
  ): void => {
    register.command({ id, title, icon, isInPalette: () => false, run, ...(isEnabled && { isEnabled }) });
    register.menu({ id: `${place} ${id}`, place, command: id });
  };
  acts(
    'sessions/item',
    'sessions.receive',
    localize('sessions.receiveMenu', 'Receive…'),
    'arrow-down',
    ({ session }) => {
      if (session) workbench.openDialog((close) => <ReceiveDialog session={session} onClose={close} />);
    },
  );
  acts(
    'sessions/item',
    'sessions.sdp',
    localize('streams.openSdp', 'Open its SDP'),
    'file-code',
    ({ session }) => {
      if (session) workbench.openEditor('sdp', `session ${session.id}`, session.name);
    },
  );
  acts(
    'sessions/item',
    'sessions.copySdp',
    localize('streams.copySdp', 'Copy its SDP'),
    'copy',
    ({ session }) => void (session && navigator.clipboard.writeText(session.sdp)),
    () => 'clipboard' in navigator,
  );
  acts(
    'receivers/item',
    'receivers.statistics',
    localize('statistics.show', 'Show statistics'),
    'pulse',
    () => workbench.openActivity('statistics'),
  );
  acts('receivers/item', 'receivers.routing', localize('routing.show', 'Show routing'), 'circuit-board', () =>
    workbench.openActivity('routing'),
  );
  acts(
    'senders/item',
    'senders.sdp',
    localize('streams.openSdp', 'Open its SDP'),
    'file-code',
    ({ sender }) => {
      if (sender) workbench.openEditor('sdp', `sender ${sender.id}`, sender.name);
    },
  );
};
