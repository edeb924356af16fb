import type { Host } from '../api/host.ts';
import type { Registrar } from './registry.ts';
import type { Workbench } from './workbench.ts';

/**
 * What the workbench is made of. Nothing is wired into the frame: every part, command and status item, ours and those of
 * extensions, is an entry of one of these registries, and goes with its Disposable.
 *
 * A folder of `ui/src/parts` has a `contribute.ts` with one function of type {@link Contribution}, listed in
 * `ui/src/contributions.ts`:
 *
 * ```ts
 * export const contributeRouting: Contribution = ({ register, workbench, host }) => {
 *   register.part({ id: 'routing', location: 'editor', title: localize('routing.title', 'Routing'), icon: 'circuit-board', component: RoutingPart });
 *   register.part({ id: 'routing', location: 'activity', title: ..., icon: ..., order: 20, editor: 'routing' });
 *   register.part({ id: 'routing.map', location: 'sideBar', activity: 'routing', title: ..., component: ChannelMap });
 *   register.command({ id: 'routing.undo', title: ..., category: ..., keybinding: 'Ctrl+Z', run: () => ... });
 * };
 * ```
 */
export type Contribution = (context: ContributionContext) => void;

export interface ContributionContext {
  readonly register: Registrar;
  readonly workbench: Workbench;
  readonly host: Host;
}
