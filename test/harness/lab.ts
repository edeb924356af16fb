import { existsSync, mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { removeInstances } from './instance-files.ts';
import { ip, makeNamespaces, removeLeftovers, removeNamespace } from './namespaces.ts';
import { Program, type ProgramOptions } from './process.ts';

export const repository = resolve(import.meta.dirname, '../..');

const labs = join(repository, 'build/labs');

/** A machine of the lab: a network namespace with one interface. */
export interface Station {
  readonly namespace: string;
  readonly address: string;
  /** Empty: all that it has, for Tutti. */
  readonly interface: string;
}

const wire = 'net0';

/**
 * Two machines joined by one cable (a veth pair), and a folder for their files. With more machines there is a switch (a
 * bridge) between them all. Traffic never leaves the namespaces. Everything that runs in it ends with it.
 */
export class Lab {
  /** Where Tutti runs. */
  readonly tutti: Station;
  /** Where the programs we did not write run. */
  readonly peer: Station;
  readonly others: readonly Station[];
  readonly folder: string;
  private readonly namespaces: readonly string[];
  private programs: Program[] = [];
  private files = 0;

  /** @param others labels of machines besides `tutti` and `peer` */
  constructor(others: readonly string[] = []) {
    removeLeftovers();
    const namespaces = makeNamespaces(['tutti', 'peer', ...others]);
    const stations = namespaces.map((namespace, i) => ({
      ...{ namespace, address: `10.77.0.${i + 1}`, interface: wire },
    }));
    const [tutti, peer, ...rest] = stations;
    if (!tutti || !peer) throw new Error('no namespaces');
    [this.tutti, this.peer, this.others] = [tutti, peer, rest];
    if (rest.length === 0) {
      const ends = ['netns', tutti.namespace, 'type', 'veth', 'peer', 'name', wire, 'netns', peer.namespace];
      ip('link', 'add', wire, ...ends);
      this.namespaces = namespaces;
    } else {
      this.namespaces = [...namespaces, makeSwitch(stations)];
    }
    for (const station of stations) {
      const on = (...args: string[]) => ip('-n', station.namespace, ...args);
      on('address', 'add', `${station.address}/24`, 'dev', wire);
      on('link', 'set', wire, 'up');
      on('route', 'add', '224.0.0.0/4', 'dev', wire);
    }
    mkdirSync(labs, { recursive: true });
    removeDeadFolders();
    this.folder = mkdtempSync(join(labs, `${process.pid}-`));
  }

  start(station: Station, command: string, args: readonly string[], options: ProgramOptions = {}): Program {
    const program = new Program(command, args, { ...options, namespace: station.namespace });
    this.programs.push(program);
    return program;
  }

  /** Runs to the end; fails unless it ended well. */
  async run(station: Station, command: string, args: readonly string[], options: ProgramOptions = {}) {
    return this.start(station, command, args, options).succeed();
  }

  /** A path of the lab's folder that nobody has used yet. */
  file(name: string): string {
    return join(this.folder, `${++this.files}-${name}`);
  }

  /** What every program said last. */
  report(): string {
    return this.programs.map((program) => program.report()).join('\n');
  }

  /** Leaves programs that have ended out of later reports. */
  forgetEnded(): void {
    this.programs = this.programs.filter((program) => program.running);
  }

  async remove(): Promise<void> {
    await Promise.all(this.programs.map((program) => program.stop('SIGKILL')));
    this.namespaces.forEach(removeNamespace);
    removeInstances(repository, this.folder);
  }
}

/** Joins the stations by a bridge that floods multicast; the namespace that it is in. */
function makeSwitch(stations: readonly Station[]): string {
  const [home = ''] = makeNamespaces(['switch']);
  ip('-n', home, 'link', 'add', 'switch', 'type', 'bridge', 'mcast_snooping', '0');
  ip('-n', home, 'link', 'set', 'switch', 'up');
  stations.forEach((station, i) => {
    const port = `port${i}`;
    ip('link', 'add', wire, 'netns', station.namespace, 'type', 'veth', 'peer', 'name', port, 'netns', home);
    ip('-n', home, 'link', 'set', port, 'master', 'switch', 'up');
  });
  return home;
}

/** Folders of labs whose process crashed; each begins with the number of the process that made it. */
function removeDeadFolders(): void {
  for (const name of readdirSync(labs)) {
    if (!existsSync(`/proc/${name.split('-')[0]}`)) removeInstances(repository, join(labs, name));
  }
}
