import { useHostState } from '../api/hostContext.ts';
import { ThemeMenu } from './ThemeMenu.tsx';

export function TitleBar() {
  const device = useHostState('status')?.device;
  return (
    <header className="title-bar">
      <img src="/icon.svg" alt="" width="22" height="22" />
      <h1>Tutti</h1>
      {device && (
        <p className="quiet">
          {device.name} · {device.inputs} in × {device.outputs} out
        </p>
      )}
      <div className="title-actions">
        <ThemeMenu />
      </div>
    </header>
  );
}
