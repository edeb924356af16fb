import { localize } from '../../localize/localize.ts';
import type { Contribution } from '../../workbench/contribution.ts';
import { SdpPart } from './SdpPart.tsx';

export const contributeSdp: Contribution = ({ register, workbench }) => {
  const title = localize('sdp.title', 'SDP');
  register.part({ id: 'sdp', location: 'editor', title, icon: 'file-code', component: SdpPart });
  register.command({
    id: 'sdp.new',
    title: localize('sdp.new', 'Write a session description'),
    category: localize('streams.title', 'Streams'),
    icon: 'file-code',
    run: () => workbench.openEditor('sdp', 'draft', localize('sdp.draft', 'New SDP')),
  });
};
