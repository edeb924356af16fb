import { localize } from '../../localize/localize.ts';
import type { Contribution } from '../../workbench/contribution.ts';
import { DevicePart } from './DevicePart.tsx';

export const contributeDevice: Contribution = ({ register, workbench }) => {
  const title = localize('device.title', 'Device');
  const icon = 'unmute';
  register.part({ id: 'device', location: 'editor', title, icon, component: DevicePart });
  register.part({ id: 'device', location: 'activity', title, icon, order: 40, editor: 'device' });
  register.command({
    id: 'device.show',
    title: localize('device.show', 'Show the device'),
    category: localize('view.category', 'View'),
    icon,
    run: () => workbench.openActivity('device'),
  });
};
