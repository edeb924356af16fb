import '@vscode/codicons/dist/codicon.css';
import './theme/theme.css';
import './theme/base.css';
import './widgets/widgets.css';
import './widgets/dialog.css';
import { createRoot } from 'react-dom/client';
import { I18nProvider } from 'react-aria-components';
import { HostContext } from './api/host-context.ts';
import { Host } from './api/host.ts';
import { applyTheme, storedTheme } from './theme/theme.ts';
import { Workbench } from './workbench/Workbench.tsx';

applyTheme(storedTheme());
const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(
  // The page is in English: numbers are typed and shown in the same notation everywhere.
  <I18nProvider locale="en-GB">
    <HostContext value={new Host()}>
      <Workbench />
    </HostContext>
  </I18nProvider>,
);
