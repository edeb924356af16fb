import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { repository, type Lab, type Station } from './lab.ts';
import { ip, makeNamespaces, removeNamespace } from './namespaces.ts';
import { makePipe, type Program } from './process.ts';

const tool = join(repository, 'build/tools/damaged_link');

/** What a path does to frames. */
export type Damage = 'whole' | 'cut' | `loss ${number}` | `delay ${number}` | `reorder ${number}`;

/** One of the two networks, with a program in its middle that damages it as told. */
class Path {
  private readonly program: Program;
  private readonly orders: number;
  private said = 0;

  constructor(lab: Lab, middle: Station, ends: readonly [string, string]) {
    const pipe = makePipe(lab.file('orders'));
    this.orders = pipe.write;
    this.program = lab.start(middle, tool, ends, { stdin: pipe.read, punctual: true });
  }

  async ready(): Promise<void> {
    await this.program.waitFor(/^carrying/m);
  }

  /** Resolves when it is so, with how many UDP frames were lost on this path so far. */
  async make(damage: Damage): Promise<number> {
    this.said += 1;
    writeSync(this.orders, `${damage}\n`);
    const obeyed = new RegExp(`^obeyed ${this.said} .*, (\\d+) not passed$`, 'm');
    const [, lost] = await this.program.waitFor(obeyed);
    return Number(lost);
  }
}

/**
 * Two networks between the machines of a lab, besides its cable: `red` (10.78.1.0/24) and `blue` (10.78.2.0/24), as ST 2022-7
 * wants them, each damaged by itself.
 */
export class TwoPaths {
  readonly red: Path;
  readonly blue: Path;
  /** The machines, with all their interfaces. */
  readonly stations: readonly [Station, Station];
  private readonly middle: string;

  private constructor(lab: Lab) {
    const [middle = ''] = makeNamespaces(['paths']);
    this.middle = middle;
    const at = (station: Station): Station => ({ ...station, interface: '' });
    this.stations = [at(lab.tutti), at(lab.peer)];
    const inMiddle: Station = { namespace: middle, address: '', interface: '' };
    const [red, blue] = (['red', 'blue'] as const).map((name, i) => {
      const ends = this.stations.map(({ namespace }, end) => {
        const port = `${name}${end}`;
        ip('link', 'add', name, 'netns', namespace, 'type', 'veth', 'peer', 'name', port, 'netns', middle);
        ip('-n', namespace, 'address', 'add', `10.78.${i + 1}.${end + 1}/24`, 'dev', name);
        ip('-n', namespace, 'link', 'set', name, 'up');
        ip('-n', middle, 'link', 'set', port, 'up');
        return port;
      });
      return new Path(lab, inMiddle, [ends[0] ?? '', ends[1] ?? '']);
    });
    if (!red || !blue) throw new Error('two were made');
    [this.red, this.blue] = [red, blue];
  }

  static async make(lab: Lab): Promise<TwoPaths> {
    const paths = new TwoPaths(lab);
    await Promise.all([paths.red.ready(), paths.blue.ready()]);
    return paths;
  }

  remove(): void {
    removeNamespace(this.middle);
  }
}
