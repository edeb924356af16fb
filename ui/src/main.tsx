import '@vscode/codicons/dist/codicon.css';
import './theme/theme.css';
import './theme/base.css';
import './widgets/widgets.css';
import './widgets/dialog.css';
import { createRoot } from 'react-dom/client';
import { I18nProvider } from 'react-aria-components';
import { HostContext } from './api/host-context.ts';
import { Host } from './api/host.ts';
import { contributions } from './contributions.ts';
import { SignInGate } from './parts/access/SignInGate.tsx';
import { applyTheme, storedTheme } from './theme/theme.ts';
import { Frame } from './workbench/Frame.tsx';
import { Registrar } from './workbench/registry.ts';
import { Workbench, WorkbenchProvider } from './workbench/workbench.ts';

applyTheme(storedTheme());
const host = new Host();
const workbench = new Workbench();
for (const contribute of contributions) {
  contribute({ register: new Registrar(workbench.registries), workbench, host });
}

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(
  // Numbers are typed and shown in the same notation everywhere.
  <I18nProvider locale="en-GB">
    <HostContext value={host}>
      <WorkbenchProvider workbench={workbench}>
        <SignInGate>
          <Frame />
        </SignInGate>
      </WorkbenchProvider>
    </HostContext>
  </I18nProvider>,
);
