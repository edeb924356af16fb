import { patchBay, type Face, type PatchBay } from '../../../src/parts/routing/patch-bay.ts';
import { sampleState } from '../../stand-in/sample-state.ts';

/**
 * The sample studio's patch bay. Receive: AVIO (2 channels, not received), Commentary (4, inputs 33 on), FOH Matrix (8, inputs 17
 * on), Stagebox (8, inputs 1 on). Send: Playback A (outputs 1 to 8), Talkback (outputs 9 and 10).
 */
export const sampleBay = (face: Face = 'receive'): PatchBay => patchBay(face, sampleState(''));

/** Place of a stream's first channel on its axis. */
export function firstOf(bay: PatchBay, title: string): number {
  const axis = bay.face === 'receive' ? bay.sources : bay.destinations;
  const group = axis.groups.find((each) => each.title === title);
  if (!group) throw new Error(`no ${title} in the sample`);
  return group.first;
}
