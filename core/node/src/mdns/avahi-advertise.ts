import type { MdnsAdvertisement } from '@tutti/api';
import type { Disposable } from '@tutti/base';
import { avahiIpv4, type AvahiObjects } from './avahi-objects.ts';
import { nextInstanceName } from './dns-name.ts';
import { txtStrings } from './record-text.ts';

/** States of a group of entries (avahi-common/defs.h). */
const established = 2;
const collision = 3;
const maxRenames = 100;

/** Advertises one service on some interfaces through avahi-daemon, under another name where that one is taken. */
export function avahiAdvertise(
  objects: AvahiObjects,
  advertisement: MdnsAdvertisement,
  interfaces: readonly string[],
  onEstablished: (name: string) => void,
): Disposable {
  const { type, subtypes = [], port, txt } = advertisement;
  let name = advertisement.name;
  let renames = 0;
  let group = '';

  const add = async (iface: string): Promise<void> => {
    const where = [await objects.interfaceIndex(iface), avahiIpv4, 0, name, type, 'local'];
    await objects.call(group, 'EntryGroup', 'AddService', 'iiussssqaay', [
      ...where,
      '',
      port,
      txtStrings(txt),
    ]);
    for (const each of subtypes)
      await objects.call(group, 'EntryGroup', 'AddServiceSubtype', 'iiussss', [
        ...where,
        `${each}._sub.${type}`,
      ]);
  };
  const fill = async (): Promise<void> => {
    for (;;) {
      try {
        for (const iface of interfaces) await add(iface);
        if (interfaces.length > 0) await objects.call(group, 'EntryGroup', 'Commit');
        return;
      } catch (error) {
        // Another program of this machine has the name.
        if (!String(error).includes('ollision') || !rename()) throw error;
        await objects.call(group, 'EntryGroup', 'Reset');
      }
    }
  };
  const rename = (): boolean => {
    name = nextInstanceName(name);
    renames += 1;
    return renames <= maxRenames;
  };
  return objects.openGroup(
    (member, [state]) => {
      if (member !== 'StateChanged') return;
      if (state === established) onEstablished(name);
      if (state === collision && rename())
        void objects
          .call(group, 'EntryGroup', 'Reset')
          .then(fill)
          .catch(() => undefined); // the daemon went; whoever holds this begins anew
    },
    async (path) => {
      group = path;
      await fill();
    },
  );
}
