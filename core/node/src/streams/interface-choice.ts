import type { NetworkInterface } from '@tutti/api';
import { fail } from '@tutti/base';
import { inSameSubnet } from '@tutti/model';
import type { Interfaces } from '../platform/interfaces.ts';
import { interfaceGone } from './stream-problems.ts';

/**
 * Names of the interfaces for a stream's legs. `wanted` is what a person said: one name or address for all legs, or one
 * for each, with commas. Otherwise the interface that heard the session, or whose subnet holds the leg's sender, or the
 * first one; a second leg prefers an interface of its own.
 *
 * @throws TuttiError `interfaceGone`.
 */
export function chooseInterfaces(
  interfaces: Interfaces,
  legs: readonly { readonly near: readonly string[] }[],
  wanted: string | undefined,
  heardOn: string | undefined,
): readonly string[] {
  const asked =
    wanted
      ?.split(',')
      .map((each) => each.trim())
      .filter((each) => each !== '') ?? [];
  for (const each of asked) if (interfaces.find(each) === undefined) throw interfaceGone(each);
  const chosen: NetworkInterface[] = [];
  for (const [i, leg] of legs.entries()) {
    const byPerson = interfaces.find(asked[i] ?? asked[0] ?? '');
    const all = interfaces.current();
    const unused = all.filter((each) => !chosen.includes(each));
    const near = all.find((each) =>
      leg.near.some((address) => inSameSubnet(address, each.address, each.netmask)),
    );
    const heard = i === 0 && heardOn !== undefined ? interfaces.find(heardOn) : undefined;
    const found = byPerson ?? near ?? heard ?? unused[0] ?? all[0];
    if (found === undefined) {
      throw fail('interfaceGone', 'no network interface is up', {
        field: 'interface',
        fix: 'connect one to a network',
      });
    }
    chosen.push(found);
  }
  return chosen.map((each) => each.name);
}
