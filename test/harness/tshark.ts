import { readFileSync, statSync } from 'node:fs';
import type { Lab, Station } from './lab.ts';
import type { Program } from './process.ts';
import { until } from './wait.ts';

/** A capture on a station's interface, and what Wireshark's decoder says about it. */
export class Capture {
  private constructor(
    private readonly lab: Lab,
    private readonly at: Station,
    private readonly file: string,
    private readonly program: Program,
  ) {}

  /** Resolves when it captures. `filter` is a capture filter as in `udp port 5004`. */
  static async start(lab: Lab, at: Station, filter: string): Promise<Capture> {
    const file = lab.file('capture.pcapng');
    const options = ['-q', '-i', at.interface, '-B', '32', '-f', filter, '-w', file];
    const program = lab.start(at, 'tshark', options);
    await program.waitFor(/Capturing on/);
    await until('the capture file', () => statSync(file, { throwIfNoEntry: false }) !== undefined);
    return new Capture(lab, at, file, program);
  }

  async stop(): Promise<void> {
    await this.program.stop('SIGINT');
  }

  /**
   * One row for each packet that matches `filter` (a display filter), one text for each field.
   * UDP ports in `rtpPorts` are decoded as RTP.
   */
  async fields(filter: string, fields: readonly string[], rtpPorts: readonly number[] = []) {
    const said = await this.decode(rtpPorts, [
      ...['-Y', filter, '-T', 'fields', '-E', 'separator=/t'],
      ...fields.flatMap((field) => ['-e', field]),
    ]);
    return said
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.split('\t'));
  }

  /** Everything that the decoder finds malformed or worth an expert's word in these protocols, as lines of text. */
  async complaints(rtpPorts: readonly number[], protocols = 'rtp || sap || sdp'): Promise<string[]> {
    const rows = await this.fields(
      `(${protocols}) && (_ws.malformed || _ws.expert)`,
      ['frame.number', '_ws.col.Protocol', '_ws.expert.message', '_ws.col.Info'],
      rtpPorts,
    );
    return rows.map((row) => row.join(' '));
  }

  private async decode(rtpPorts: readonly number[], args: readonly string[]): Promise<string> {
    const ports = rtpPorts.flatMap((port) => ['-d', `udp.port==${port},rtp`]);
    const file = this.lab.file('decoded.txt');
    await this.lab.run(this.at, 'tshark', ['-r', this.file, ...ports, ...args], { stdout: file });
    return readFileSync(file, 'utf8');
  }
}
