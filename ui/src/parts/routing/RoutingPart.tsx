import { useEffect, useMemo, useRef, useState } from 'react';
import { useHost, useHostState, useHostValue } from '../../api/host-context.ts';
import { localize, localizeCount } from '../../localize/localize.ts';
import { Icon } from '../../widgets/Icon.tsx';
import { Part } from '../../widgets/Part.tsx';
import { useSteady } from '../../widgets/use-steady.ts';
import { formatText } from '../../widgets/words.ts';
import { autoAssign } from './auto-assign.ts';
import { cellStates, type Live } from './cell-states.ts';
import { ChannelMap } from './ChannelMap.tsx';
import { CrosspointGrid } from './CrosspointGrid.tsx';
import { crossingOf } from './gestures.ts';
import { gridScene } from './grid-layout.ts';
import { intentOf, isLacking, proposeAnew, type Intent } from './intent.ts';
import { filterBay } from './lines.ts';
import type { CellPlace } from './paint-marks.ts';
import { patchBay, type Face, type PatchBay } from './patch-bay.ts';
import { pendingKeys, withRefusals } from './patching.ts';
import { usePatching } from './patching-context.ts';
import { isEmpty, propose, type Proposal } from './proposal.ts';
import { ProposalBar } from './ProposalBar.tsx';
import { cellReadout, proposalText } from './readout.ts';
import { RoutingToolbar } from './RoutingToolbar.tsx';
import { useGridSettings, type GridSettings } from './grid-settings.ts';
import { useSignals, useTrouble } from './use-live.ts';
import './stream-colours.css';
import './routing.css';

/** The patch bay: sessions to inputs, outputs to senders. */
export function RoutingPart() {
  const sessions = useHostState('sessions');
  const receivers = useHostState('receivers');
  const senders = useHostState('senders');
  const device = useHostValue(({ state }) => state?.status.device);
  if (!sessions || !receivers || !senders || !device) return null;
  return <Routing sessions={sessions} receivers={receivers} senders={senders} device={device} />;
}

type State = Parameters<typeof patchBay>[1];
type Props = Pick<State, 'sessions' | 'receivers' | 'senders'> & {
  readonly device: State['status']['device'];
};

/** A preview that waits: what is meant, and what it is called when it is done. */
interface Waiting {
  readonly intent: Intent;
  readonly title: string;
  /** What could not be included. */
  readonly remark?: string;
}

function Routing({ sessions, receivers, senders, device }: Props) {
  const host = useHost();
  const [patching, { pending, refused, problem, history }] = usePatching();
  const [settings, change] = useGridSettings();
  const { face, folded, onlyUsed, words, cell, showMap } = settings;
  const [waiting, setWaiting] = useState<Waiting>();
  const readout = useRef<HTMLParagraphElement>(null);

  // Counters change twice a second; the patch bay only looks at what names and routes streams.
  const sessionsKey = useMemo(
    () =>
      sessions
        .map(({ id, name, state, sdp, problems }) => [id, name, state, sdp, problems.length])
        .join('\n'),
    [sessions],
  );
  const streamsKey = JSON.stringify([
    receivers.map((each) => [
      each.id,
      each.name,
      each.sessionId,
      formatText(each),
      each.map,
      each.channelLabels,
    ]),
    senders.map((each) => [each.id, each.name, formatText(each), each.map]),
    [device.inputs, device.outputs],
  ]);
  const bay = useMemo(() => {
    const built = patchBay(face, { sessions, receivers, senders, status: { device } as State['status'] });
    return withRefusals(built, refused);
  }, [face, sessionsKey, streamsKey, refused]);

  const { columns, rows } = useMemo(
    () => filterBay(bay, { folded, onlyUsed, words }),
    [bay, folded, onlyUsed, words],
  );
  const scene = useMemo(() => gridScene(bay, columns, rows, cell), [bay, columns, rows, cell]);
  // As the streams are now: they may come and go while it waits.
  const preview = useMemo(() => waiting && proposeAnew(bay, waiting.intent), [bay, waiting]);
  const channels = face === 'receive' ? device.inputs : device.outputs;
  const signal = useSignals(face, channels);
  const trouble = useTrouble();
  const live: Live = useMemo(
    () => ({ signal, trouble, pending: pendingKeys(bay, pending) }),
    [signal, trouble, bay, pending],
  );
  const states = useMemo(() => cellStates(bay, columns, rows, live), [bay, columns, rows, live]);

  const say = (text: string): void => {
    if (readout.current && readout.current.textContent !== text) readout.current.textContent = text;
  };

  const pointed = useRef<{ readonly place: CellPlace; readonly proposal: Proposal | undefined }>(undefined);
  const sayPointed = (): void => {
    const { place, proposal } = pointed.current ?? {};
    const [column, row] = place ? [columns.lines[place.column], rows.lines[place.row]] : [];
    if (!column || !row) return;
    const { name, status } = cellReadout(bay, column, row, live);
    say(proposal ? `${name}: ${proposalText(proposal)}` : `${name}: ${status}`);
  };
  // What is under a pointer that rests may change.
  useEffect(sayPointed, [bay, columns, rows, live]);

  const resting = useRef<ReturnType<typeof setTimeout>>(undefined);
  const onPoint = (place: CellPlace | undefined, proposal: Proposal | undefined): void => {
    clearTimeout(resting.current);
    pointed.current = place && { place, proposal };
    if (!place) {
      say('');
      return;
    }
    sayPointed();
    const crossing = crossingOf(scene, place);
    if (crossing) resting.current = setTimeout(() => void patching.ask(bay, crossing), 200);
  };

  const apply = (proposal: Proposal, title: string): void => {
    setWaiting(undefined);
    void patching.apply(bay, proposal, title);
  };

  const onGesture = (proposal: Proposal): void => {
    // Whether the host would take it needs no question any more; what comes of it is said where the pointer rests.
    clearTimeout(resting.current);
    if (pointed.current) pointed.current = { place: pointed.current.place, proposal: undefined };
    patching.forgetProblem();
    const title = stepTitle(bay, proposal);
    const [first] = proposal.impossible;
    if (isEmpty(proposal)) return;
    if (first && proposal.make.length === 0) {
      say(localize('routing.impossible', 'impossible: {0}', first.why));
      host.announce(localize('routing.impossible', 'impossible: {0}', first.why));
    } else if (first || proposal.replaced.length > 0) {
      setWaiting({ intent: intentOf(bay, proposal), title });
    } else apply(proposal, title);
  };

  const assign = (): void => {
    const shown = (face === 'receive' ? columns : rows).lines.map(({ group }) => group);
    const { crossings, left } = autoAssign(bay, [...new Set(shown)]);
    const axis = face === 'receive' ? bay.sources : bay.destinations;
    const names = left.map((group) => axis.groups[group]?.title ?? '').join(', ');
    setWaiting({
      intent: intentOf(bay, propose(bay, crossings)),
      title: localizeCount('routing.assigned', crossings.length, 'Assign 1 channel', 'Assign {0} channels'),
      ...(left.length > 0 && { remark: localize('routing.noRoom', 'No room for {0}.', names) }),
    });
  };

  const onAction = (action: 'undo' | 'redo' | 'cancel' | 'apply'): void => {
    if (action === 'apply' && waiting && preview) apply(preview, waiting.title);
    else if (action === 'undo') void patching.undo();
    else if (action === 'redo') void patching.redo();
    else {
      setWaiting(undefined);
      patching.forgetProblem();
    }
  };

  const onFold = (axis: 'columns' | 'rows', group: number): void => {
    const id = (axis === 'columns' ? bay.sources : bay.destinations).groups[group]?.id;
    if (id === undefined) return;
    const next = new Set(folded);
    if (!next.delete(id)) next.add(id);
    change({ folded: next });
  };

  // Grid, map and toolbar are drawn again when something of theirs changes, not with every number of a stream.
  const onSteadyGesture = useSteady(onGesture);
  const onSteadyPoint = useSteady(onPoint);
  const onSteadyFold = useSteady(onFold);
  const onSteadyAction = useSteady(onAction);
  const groups = useMemo(
    () => [...bay.sources.groups, ...bay.destinations.groups].map(({ id }) => id),
    [bay],
  );
  const onSettings = useSteady((next: Partial<GridSettings>) => {
    setWaiting(undefined);
    change(next);
  });
  const onUndo = useSteady(() => void patching.undo());
  const onRedo = useSteady(() => void patching.redo());
  const onAssign = useSteady(assign);

  return (
    <Part
      title={localize('routing.title', 'Routing')}
      icon="circuit-board"
      summary={localizeCount('routing.count', bay.patched.length, '1 route', '{0} routes')}
      actions={
        <RoutingToolbar
          settings={settings}
          onChange={onSettings}
          groups={groups}
          history={history}
          onUndo={onUndo}
          onRedo={onRedo}
          onAssign={onAssign}
        />
      }
    >
      <div className="routing">
        <div className="routing-grid">
          <CrosspointGrid
            label={gridLabel(face)}
            scene={scene}
            states={states}
            live={live}
            preview={preview}
            onGesture={onSteadyGesture}
            onPoint={onSteadyPoint}
            onFold={onSteadyFold}
            onAction={onSteadyAction}
          />
          <ProposalBar
            waiting={
              waiting &&
              preview && {
                text: proposalText(preview),
                remark: remarkOn(bay, waiting, preview),
                cuts: preview.clear.length > 0,
                isEmpty: isEmpty(preview),
              }
            }
            problem={problem}
            onApply={() => onAction('apply')}
            onCancel={() => onAction('cancel')}
          />
          <div className="routing-foot">
            <p className="routing-readout" ref={readout} aria-hidden="true" />
            <Legend face={face} />
          </div>
        </div>
        {showMap && <ChannelMap key={face} bay={bay} live={live} onGesture={onSteadyGesture} />}
      </div>
    </Part>
  );
}

/** What of a preview is left out, and why. */
function remarkOn(bay: PatchBay, { intent, remark }: Waiting, { impossible }: Proposal): string {
  const gone = isLacking(bay, intent)
    ? localize('routing.streamGone', 'A stream of it is no longer there.')
    : undefined;
  return [remark, impossible[0]?.why, gone].filter((part) => part !== undefined).join(' ');
}

function gridLabel(face: Face): string {
  return face === 'receive'
    ? localize('routing.gridIn', 'Sessions to device inputs')
    : localize('routing.gridOut', 'Device outputs to senders');
}

/** `Patch 8 channels of Stage`, as undo will call it. */
function stepTitle(bay: PatchBay, { make, clear }: Proposal): string {
  const axis = bay.face === 'receive' ? bay.sources : bay.destinations;
  const [first] = make.length > 0 ? make : clear;
  const place = bay.face === 'receive' ? first?.source : first?.destination;
  const stream = axis.groups[axis.channels[place ?? -1]?.group ?? -1]?.title ?? '';
  return make.length > 0
    ? localizeCount(
        'routing.patch',
        make.length,
        'Patch 1 channel of {1}',
        'Patch {0} channels of {1}',
        stream,
      )
    : localizeCount('routing.clear', clear.length, 'Clear 1 route of {1}', 'Clear {0} routes of {1}', stream);
}

function Legend({ face }: { readonly face: Face }) {
  const items = [
    {
      kind: 'flowing',
      icon: 'pass-filled',
      text:
        face === 'receive'
          ? localize('routing.legendIn', 'receiving')
          : localize('routing.legendOut', 'sending'),
    },
    { kind: 'silent', icon: 'circle-large', text: localize('routing.legendSilent', 'silent') },
    { kind: 'trouble', icon: 'warning', text: localize('routing.legendTrouble', 'in trouble') },
    { kind: 'pending', icon: 'loading', text: localize('routing.legendPending', 'pending') },
    { kind: 'impossible', icon: 'circle-slash', text: localize('routing.legendImpossible', 'impossible') },
  ];
  return (
    <ul className="routing-legend" aria-label={localize('routing.legend', 'Legend')}>
      {items.map(({ kind, icon, text }) => (
        <li key={kind} className={`legend-${kind}`}>
          <Icon name={icon} />
          {text}
        </li>
      ))}
    </ul>
  );
}
