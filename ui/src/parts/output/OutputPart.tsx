import { useEffect, useMemo, useState } from 'react';
import { useHost, useHostState } from '../../api/host-context.ts';
import { localize } from '../../localize/localize.ts';
import { BarChoice } from '../../widgets/BarChoice.tsx';
import { CopyButton } from '../../widgets/CopyButton.tsx';
import { VirtualRows } from '../../widgets/VirtualRows.tsx';
import { useStore } from '../../workbench/store.ts';
import { timeText } from '../events/event-words.ts';
import { useEvents } from '../events/use-events.ts';
import { outputChannel } from './output-channel.ts';

const refreshMs = 3000;

interface Line {
  readonly id: string;
  readonly text: string;
}

/** Logs as text: of the host, of the engine, of each extension. */
export function OutputPart() {
  const channel = useStore(outputChannel);
  const extensions = useHostState('extensions') ?? [];
  const events = useEvents();
  const engine = useEngineLog(channel === 'engine');
  const lines = useMemo<readonly Line[]>(() => {
    if (channel === 'engine') return engine.map((text, index) => ({ id: String(index), text }));
    return events
      .filter(
        ({ source, message }) => source === channel || (channel !== 'host' && message.includes(channel)),
      )
      .map(({ id, at, level, code, message }) => ({
        id,
        text: `${timeText(at)} ${level} ${code}: ${message}`,
      }));
  }, [channel, engine, events]);
  const choices = [
    { id: 'host', text: localize('output.host', 'Host') },
    { id: 'engine', text: localize('output.engine', 'Engine') },
    ...extensions.map(({ id, displayName }) => ({ id, text: displayName })),
  ];
  return (
    <div className="events">
      <div className="bar">
        <BarChoice
          label={localize('output.channel', 'Log of')}
          choices={choices}
          value={choices.some(({ id }) => id === channel) ? channel : 'host'}
          onChange={(id) => outputChannel.set(id)}
        />
        <CopyButton
          text={lines.map(({ text }) => text).join('\n')}
          label={localize('output.copy', 'Copy all')}
          what={localize('output.what', 'The log')}
        />
      </div>
      {lines.length === 0 ? (
        <p className="quiet padded">{localize('output.empty', 'Nothing has been written yet.')}</p>
      ) : (
        <VirtualRows
          isText
          label={localize('output.title', 'Output')}
          className="output-rows mono"
          items={lines}
          keyOf={({ id }) => id}
          rowHeight={19}
          follow
          row={({ text }) => <bdi role="cell">{text}</bdi>}
        />
      )}
    </div>
  );
}

/** The end of the engine's log, read again while it is in front. */
function useEngineLog(isShown: boolean): readonly string[] {
  const host = useHost();
  const [lines, setLines] = useState<readonly string[]>([]);
  useEffect(() => {
    if (!isShown) return undefined;
    let current = true;
    const read = async (): Promise<void> => {
      const reply = await host.api.engineLog();
      if (current && reply.ok) setLines(reply.value.split('\n').filter((line) => line !== ''));
    };
    void read();
    const timer = setInterval(() => {
      if (!document.hidden) void read();
    }, refreshMs);
    return () => {
      current = false;
      clearInterval(timer);
    };
  }, [host, isShown]);
  return lines;
}
