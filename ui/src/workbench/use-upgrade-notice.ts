import { useEffect, useRef } from 'react';
import { useHostValue } from '../api/host-context.ts';
import { localize } from '../localize/localize.ts';
import { useWorkbench } from './workbench.ts';

/** Says that Tutti was upgraded under this page: what the page has yet to load may be there no more. */
export function useUpgradeNotice(): void {
  const workbench = useWorkbench();
  const version = useHostValue(({ state }) => state?.status.version);
  const first = useRef(version);
  useEffect(() => {
    first.current ??= version;
    if (version === undefined || version === first.current) return undefined;
    return workbench.notify(
      localize(
        'frame.upgraded',
        'Tutti is version {0} now, this page is of {1}.',
        version,
        first.current ?? '',
      ),
      {
        tone: 'warn',
        detail: localize('frame.upgradedFix', 'Load the page anew. Audio is not affected.'),
        actions: [{ label: localize('frame.reload', 'Reload'), run: () => location.reload() }],
      },
    );
  }, [version, workbench]);
}
