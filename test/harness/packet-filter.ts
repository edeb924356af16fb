import { execFileSync } from 'node:child_process';
import type { Station } from './lab.ts';

/** Makes a station lose packets that come in (nftables), and counts them. One for a station at a time. */
export class PacketFilter {
  private readonly at: Station;

  constructor(at: Station) {
    this.at = at;
    this.nft('add table ip lossy');
    this.nft('add chain ip lossy in { type filter hook input priority 0; }');
  }

  /** @param match as nft(8) writes it, like `udp dport 319` */
  drop(match: string): void {
    this.nft(`add rule ip lossy in ${match} counter drop`);
  }

  dropped(): number {
    const [, packets = '0'] = /counter packets (\d+)/.exec(this.nft('list table ip lossy')) ?? [];
    return Number(packets);
  }

  remove(): void {
    this.nft('delete table ip lossy');
  }

  private nft(command: string): string {
    return execFileSync('ip', ['netns', 'exec', this.at.namespace, 'nft', command], { encoding: 'utf8' });
  }
}
