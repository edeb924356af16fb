import type { Contribution } from '../../workbench/contribution.ts';
import { ExtensionPoints } from './extension-points.ts';

export const contributeExtensionPoints: Contribution = ({ register, workbench, host }) => {
  register.add(new ExtensionPoints(host, workbench));
};
