import { writeFileSync } from 'node:fs';
import type { Lab, Station } from './lab.ts';
import type { Program } from './process.ts';

/** A system bus without rules: nobody but the test can reach it. */
const busConfiguration = (socket: string) => `<!DOCTYPE busconfig PUBLIC
 "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path=${socket}</listen>
<policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy></busconfig>`;

const avahiConfiguration = `[server]
use-ipv4=yes
use-ipv6=no
[wide-area]
enable-wide-area=no
[publish]
publish-workstation=no
`;

/** avahi-daemon of one station, on a system bus of its own: the responder that a Linux desktop has. */
export class Avahi {
  /** What programs need to find it. */
  readonly environment: Readonly<Record<string, string>>;
  private readonly lab: Lab;
  private readonly at: Station;
  private readonly bus: Program;
  private daemon: Program | undefined;

  private constructor(lab: Lab, at: Station) {
    this.lab = lab;
    this.at = at;
    const socket = lab.file('bus');
    // Its library with mDNSResponder's API reproaches whoever uses it, on standard error.
    this.environment = { DBUS_SYSTEM_BUS_ADDRESS: `unix:path=${socket}`, AVAHI_COMPAT_NOWARN: '1' };
    const configuration = lab.file('bus.conf');
    writeFileSync(configuration, busConfiguration(socket));
    this.bus = lab.start(at, 'dbus-daemon', [
      `--config-file=${configuration}`,
      ...['--nofork', '--nopidfile', '--print-address'],
    ]);
  }

  static async start(lab: Lab, at: Station): Promise<Avahi> {
    const avahi = new Avahi(lab, at);
    await avahi.bus.waitFor(/^unix:/m);
    await avahi.startDaemon();
    return avahi;
  }

  async startDaemon(): Promise<void> {
    const file = this.lab.file('avahi.conf');
    writeFileSync(file, avahiConfiguration);
    // It keeps its number and socket in one place of the machine: here each station has that place for itself.
    const script = `mount -t tmpfs none /run/avahi-daemon 2>/dev/null ||
      { mkdir -p /run/avahi-daemon && mount -t tmpfs none /run/avahi-daemon; }
      exec avahi-daemon --no-drop-root --no-chroot --no-rlimits -f ${file}`;
    this.daemon = this.lab.start(this.at, 'sh', ['-c', script], { env: this.environment });
    await this.daemon.waitFor(/Server startup complete/, 20_000);
  }

  async stopDaemon(): Promise<void> {
    await this.daemon?.stop('SIGTERM');
  }

  /** Runs one of its programs to the end. */
  async run(program: string, ...args: string[]): Promise<string> {
    return (await this.lab.run(this.at, program, args, { env: this.environment })).stdout;
  }

  /** Starts one of its programs. */
  start(program: string, ...args: string[]): Program {
    return this.lab.start(this.at, program, args, { env: this.environment });
  }
}
