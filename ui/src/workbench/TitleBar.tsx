import { useHostState } from '../api/host-context.ts';
import { ThemeMenu } from './ThemeMenu.tsx';

export function TitleBar() {
  const status = useHostState('status');
  return (
    <header className="title-bar">
      <img src="/icon.svg" alt="" width="22" height="22" />
      <h1>Tutti</h1>
      {status && (
        <p className="quiet">
          {status.device.name} · {status.device.inputs} in × {status.device.outputs} out
        </p>
      )}
      <div className="title-actions">
        {status && <span className="quiet">Version {status.version}</span>}
        <ThemeMenu />
      </div>
    </header>
  );
}
