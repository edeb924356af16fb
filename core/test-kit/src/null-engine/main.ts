import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { NullEngine } from './null-engine.ts';

/** The null engine as a process of its own, with the arguments of the real engine. */
const { values } = parseArgs({
  options: {
    socket: { type: 'string' },
    region: { type: 'string' },
    telemetry: { type: 'string' },
    'device-link': { type: 'string' },
    'crash-report': { type: 'string' },
  },
});
const telemetry = values.telemetry ?? '';
const engine = new NullEngine(telemetry, () => process.exit(0), process.pid);
process.on('SIGTERM', () => process.exit(0));
// It lies in shared memory, outside the test's folder.
process.on('exit', () => rmSync(telemetry, { force: true }));
await engine.listen(values.socket ?? '');
