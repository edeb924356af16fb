import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab, Station } from './lab.ts';
import type { Program } from './process.ts';
import { until } from './wait.ts';

export interface PipeWireOptions {
  /** Hz of its graph. */
  readonly rate: number;
  /** Modules besides what a graph without sound cards needs, as `{ name = ... args = { ... } }`. */
  readonly modules: readonly string[];
}

/**
 * A PipeWire daemon of its own in a namespace: no session bus, no session manager, driven by its timer driver. Links are made by
 * {@link PipeWire.link}, as a session manager would.
 */
export class PipeWire {
  private constructor(
    private readonly lab: Lab,
    private readonly at: Station,
    private readonly env: Readonly<Record<string, string>>,
    readonly daemon: Program,
  ) {}

  static async start(lab: Lab, at: Station, options: PipeWireOptions): Promise<PipeWire> {
    const folder = lab.file('pipewire');
    mkdirSync(folder, { mode: 0o700 });
    const config = join(folder, 'daemon.conf');
    writeFileSync(config, daemonConfiguration(options));
    const env = {
      PIPEWIRE_RUNTIME_DIR: folder,
      XDG_RUNTIME_DIR: folder,
      PIPEWIRE_DEBUG: '2,mod.rtp-source:4,mod.rtp-sink:4',
    };
    const daemon = lab.start(at, 'pipewire', ['-c', config], { env, punctual: true });
    const pipewire = new PipeWire(lab, at, env, daemon);
    await until(
      'PipeWire to answer',
      async () => (await pipewire.tool('pw-cli', ['info', '0'])).exit?.code === 0,
    );
    return pipewire;
  }

  /** Every port of one direction, as `node:port`. */
  async ports(direction: 'outputs' | 'inputs'): Promise<string[]> {
    const list = await this.tool('pw-link', [direction === 'outputs' ? '-o' : '-i']);
    return list.stdout.split('\n').filter((line) => line !== '');
  }

  async link(output: string, input: string): Promise<void> {
    const program = await this.tool('pw-link', [output, input]);
    if (program.exit?.code !== 0) throw program.failure('could not link');
  }

  /** Starts a PipeWire program that goes on, such as pw-record. */
  start(command: string, args: readonly string[], stdin?: number): Program {
    return this.lab.start(this.at, command, args, {
      env: this.env,
      punctual: true,
      ...(stdin === undefined ? {} : { stdin }),
    });
  }

  private async tool(command: string, args: readonly string[]): Promise<Program> {
    const program = this.start(command, args);
    await program.exited;
    return program;
  }
}

function daemonConfiguration({ rate, modules }: PipeWireOptions): string {
  return `
context.properties = {
  core.daemon = true
  core.name = pipewire-0
  support.dbus = false
  default.clock.rate = ${rate}
  default.clock.allowed-rates = [ ${rate} ]
  default.clock.quantum = 256
  default.clock.min-quantum = 256
  default.clock.max-quantum = 256
}
context.spa-libs = {
  audio.convert.* = audioconvert/libspa-audioconvert
  support.* = support/libspa-support
}
context.modules = [
  { name = libpipewire-module-rt args = { nice.level = -11 } flags = [ ifexists nofail ] }
  { name = libpipewire-module-protocol-native }
  { name = libpipewire-module-metadata }
  { name = libpipewire-module-spa-node-factory }
  { name = libpipewire-module-client-node }
  { name = libpipewire-module-access }
  { name = libpipewire-module-adapter }
  { name = libpipewire-module-link-factory }
  ${modules.join('\n  ')}
]
context.objects = [
  { factory = metadata args = { metadata.name = default } }
  { factory = spa-node-factory
    args = {
      factory.name = support.node.driver
      node.name = Dummy-Driver
      node.group = pipewire.dummy
      priority.driver = 20000
    }
  }
]
`;
}
