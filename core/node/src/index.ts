export { stopEngine } from './engine/stop-engine.ts';
export { startHost, type Host } from './host.ts';
export { readListen } from './web/listen-address.ts';
export type { HostOptions } from './options.ts';
export { isAlive } from './platform/process-end.ts';
export { instancePaths, type Paths } from './platform/paths.ts';
export { checkFolder } from './extensions/manifest.ts';
export { filesOf } from './extensions/extension-store.ts';
export { writePackage } from './extensions/package-file.ts';
