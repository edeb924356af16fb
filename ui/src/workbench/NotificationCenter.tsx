import { useEffect, useRef } from 'react';
import { useHost } from '../api/host-context.ts';
import { localize } from '../localize/localize.ts';
import { ActionButton } from '../widgets/ActionButton.tsx';
import { Icon } from '../widgets/Icon.tsx';
import type { Tone } from '../widgets/StateBadge.tsx';
import { useStore } from './store.ts';
import { useWorkbench } from './workbench.ts';

const icons: Readonly<Record<Tone, string>> = { ok: 'pass', warn: 'warning', bad: 'error', quiet: 'info' };

/** What happened, in the lower right corner, with what can be done about it. Spoken once as well. */
export function NotificationCenter() {
  const { notifications } = useWorkbench();
  const host = useHost();
  const list = useStore(notifications.list);
  const spoken = useRef(0);
  useEffect(() => {
    for (const { id, message, detail } of list) {
      if (id <= spoken.current) continue;
      spoken.current = id;
      host.announce(detail === undefined ? message : `${message} ${detail}`);
    }
  }, [host, list]);
  if (list.length === 0) return null;
  return (
    <section className="notifications" aria-label={localize('frame.notifications', 'Notifications')}>
      <ul>
        {list.map(({ id, tone, message, detail, actions }) => (
          <li key={id} className={`notification tone-${tone}`}>
            <Icon name={icons[tone]} />
            <div className="notification-text">
              <p>{message}</p>
              {detail !== undefined && <p className="quiet">{detail}</p>}
              {actions.length > 0 && (
                <div className="notification-actions">
                  {actions.map(({ label, run }) => (
                    <ActionButton
                      key={label}
                      onPress={() => {
                        notifications.close(id);
                        void run();
                      }}
                    >
                      {label}
                    </ActionButton>
                  ))}
                </div>
              )}
            </div>
            <ActionButton
              kind="quiet"
              icon="close"
              aria-label={localize('frame.closeNotification', 'Close notification')}
              onPress={() => notifications.close(id)}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}
