import { parseArgs } from 'node:util';
import { resolve } from 'node:path';
import { startNativeEngine } from './addon.ts';
import { answers, EngineServer } from './engine-server.ts';

/**
 * The engine process: carries the addon and answers its socket. It outlives the host on purpose, so it takes no notice of a
 * closed terminal, and ends on `engine/shutdown`, SIGTERM or SIGINT.
 */
const { values } = parseArgs({
  options: {
    socket: { type: 'string' },
    region: { type: 'string' },
    telemetry: { type: 'string' },
    /** Where HAL drivers ask for the device: a socket's path, on macOS a Mach service. */
    'device-link': { type: 'string' },
    addon: { type: 'string', default: resolve(import.meta.dirname, 'native/engine.node') },
  },
});

if (!values.socket || !values.region || !values.telemetry) {
  console.error('usage: engine --socket PATH --region PATH --telemetry PATH [--device-link NAME]');
  process.exit(2);
}

const log = (code: string, message: string): void =>
  console.error(`info code=${code} pid=${process.pid} ${message}`);

// Before anything of the running engine's is touched: its shared files have the same names.
if (await answers(values.socket)) {
  console.error(`error code=engine.socket an engine is running at ${values.socket} already`);
  process.exit(5);
}

const native = startNativeEngine(values.addon, values.region, values.telemetry, values['device-link']);
const stop = (): void => {
  log('engine.stopped', 'engine ends');
  native.stop(); // before the socket: a successor must not find its files removed
  server.close();
  process.exit(0);
};
const server = new EngineServer(native, values.region, process.env['TUTTI_VERSION'] ?? '0.1.0', stop);
process.on('SIGHUP', () => undefined);
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
try {
  await server.listen(values.socket);
} catch (error) {
  console.error(`error code=engine.socket ${error instanceof Error ? error.message : String(error)}`);
  native.stop();
  process.exit(5);
}
log('engine.started', `socket=${values.socket} region=${values.region}`);
for (const notice of native.notices())
  console.error(`warning code=${notice.code} ${notice.message} ${notice.fix}`);
