import { useEffect, useState, useSyncExternalStore, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { activity } from '../api/activity.ts';
import { useHostState, useHostValue } from '../api/host-context.ts';
import { localize, localizeCount } from '../localize/localize.ts';
import { Icon } from '../widgets/Icon.tsx';
import { StateBadge } from '../widgets/StateBadge.tsx';
import { rateText } from '../widgets/words.ts';
import { useProblems } from '../parts/problems/use-problems.ts';
import { clockItem, engineItem } from './status-words.ts';
import { useWorkbench } from './workbench.ts';

/** An item that leads to where one can do something about it. */
function Item(props: { readonly to: () => void; readonly title: string; readonly children: ReactNode }) {
  return (
    <li>
      <Button className="status-item" aria-description={props.title} onPress={props.to}>
        {props.children}
      </Button>
    </li>
  );
}

export function ConnectionItem() {
  const connection = useHostValue((view) => view.connection);
  const connections = {
    live: { tone: 'ok', icon: 'plug', text: localize('status.connected', 'Connected') },
    connecting: { tone: 'warn', icon: 'sync', text: localize('status.connecting', 'Connecting') },
    reconnecting: {
      tone: 'warn',
      icon: 'debug-disconnect',
      text: localize('status.reconnecting', 'Reconnecting'),
    },
  } as const;
  return (
    <li className="status-text">
      <StateBadge {...connections[connection]} />
    </li>
  );
}

export function ClockItem() {
  const workbench = useWorkbench();
  const clock = useHostValue(({ state }) => state?.status.clock);
  if (!clock) return null;
  return (
    <Item title={localize('status.openClock', 'Opens the clock')} to={() => workbench.openActivity('clock')}>
      <span className="status-long">
        <StateBadge {...clockItem(clock)} />
      </span>
    </Item>
  );
}

export function RateItem() {
  const workbench = useWorkbench();
  const rate = useHostValue(({ state }) => state?.status.device.rate);
  if (rate === undefined) return null;
  return (
    <Item
      title={localize('status.openDevice', 'Opens the device')}
      to={() => workbench.openActivity('device')}
    >
      {rateText(rate)}
    </Item>
  );
}

export function EngineItem() {
  const workbench = useWorkbench();
  const status = useHostState('status');
  if (!status) return null;
  return (
    <Item title={localize('status.openOutput', 'Opens its log')} to={() => workbench.openPanel('output')}>
      <StateBadge {...engineItem(status)} />
    </Item>
  );
}

export function InterfacesItem() {
  const interfaces = useHostValue(({ state }) => state?.status.interfaces);
  if (!interfaces) return null;
  if (interfaces.length === 0) {
    return (
      <li className="status-text">
        <StateBadge
          tone="warn"
          icon="warning"
          text={localize('status.noInterface', 'No network interface')}
        />
      </li>
    );
  }
  return interfaces.map(({ name, address }) => (
    <li key={name} className="status-text" title={address}>
      <Icon name="server-environment" />
      <bdi>{name}</bdi>
      <bdi className="long-text quiet">{address}</bdi>
    </li>
  ));
}

export function ApplicationsItem() {
  const workbench = useWorkbench();
  const clients = useHostValue(({ state }) => state?.status.device.clients);
  if (!clients) return null;
  const names = new Map(clients.map(({ pid, name }) => [pid, name]));
  return (
    <Item
      title={[...names.values()].join(', ') || localize('status.openDevice', 'Opens the device')}
      to={() => workbench.openActivity('device')}
    >
      <Icon name="vm" />{' '}
      {names.size === 0
        ? localize('status.noApplication', 'no application')
        : localizeCount('status.applications', names.size, '{0} application', '{0} applications')}
    </Item>
  );
}

export function ProblemsItem() {
  const workbench = useWorkbench();
  const problems = useProblems();
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const warnings = problems.length - errors;
  return (
    <Item
      title={localize('status.openProblems', 'Opens the problems')}
      to={() => workbench.openPanel('problems')}
    >
      <StateBadge
        tone={errors > 0 ? 'bad' : warnings > 0 ? 'warn' : 'ok'}
        icon={errors > 0 ? 'error' : warnings > 0 ? 'warning' : 'pass'}
        text={
          problems.length === 0
            ? localize('status.noProblems', 'no problems')
            : localizeCount('status.problems', problems.length, '{0} problem', '{0} problems')
        }
      />
    </Item>
  );
}

/** What takes longer than this is shown, and can be cancelled, ms. */
const patienceMs = 300;

/** Says that the host is at work on something that was asked for, and lets a person give up on it. */
export function WorkItem() {
  const pending = useSyncExternalStore(activity.subscribe, activity.get);
  const [isLong, setLong] = useState(false);
  const oldest = pending[0];
  const id = oldest?.id;
  useEffect(() => {
    setLong(false);
    if (id === undefined) return undefined;
    const timer = setTimeout(() => setLong(true), patienceMs);
    return () => clearTimeout(timer);
  }, [id]);
  if (!oldest || !isLong) return null;
  return (
    <li className="status-text" role="status">
      <Icon name="loading" spin /> {localize('status.working', 'The host is working…')}
      <Button className="status-item" onPress={() => oldest.cancel()}>
        {localize('cancel', 'Cancel')}
      </Button>
    </li>
  );
}
