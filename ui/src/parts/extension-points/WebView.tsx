import { useEffect, useRef, useState } from 'react';
import { useHost } from '../../api/host-context.ts';
import type { ViewProps } from './shown-view.ts';
import { connectWebView } from './web-view-bridge.ts';

/**
 * A page of an extension, in a frame with an origin of its own that nothing shares. It is there only while it is in sight: what comes
 * back is loaded anew, so that no page shows what it did not hear of.
 */
export function WebView({ view }: Pick<ViewProps, 'view'>) {
  const host = useHost();
  const frame = useRef<HTMLIFrameElement>(null);
  const [isSeen, setSeen] = useState(false);
  useEffect(() => {
    setSeen(true);
    return () => setSeen(false);
  }, []);
  useEffect(() => {
    if (!isSeen || !frame.current) return undefined;
    const bridge = connectWebView(frame.current, view.id, host);
    return () => bridge.dispose();
  }, [host, isSeen, view.id]);
  if (!isSeen || view.url === undefined) return null;
  return (
    <iframe
      ref={frame}
      className="web-view"
      title={view.name}
      src={view.url}
      sandbox="allow-scripts"
      referrerPolicy="no-referrer"
    />
  );
}
