import { parseArgs } from 'node:util';
import { EngineStandIn } from './engine-stand-in.ts';

/** The stand-in as a process of its own, with the arguments of the real engine. */
const { values } = parseArgs({
  options: { socket: { type: 'string' }, region: { type: 'string' }, telemetry: { type: 'string' } },
});
const engine = new EngineStandIn(values.telemetry ?? '', () => process.exit(0));
process.on('SIGTERM', () => process.exit(0));
await engine.listen(values.socket ?? '');
