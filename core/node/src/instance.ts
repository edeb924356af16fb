// What a program needs that talks to a host without being one: little, so that it starts at once.
export { stopEngine } from './engine/stop-engine.ts';
export { instancePaths, type Paths } from './platform/paths.ts';
export { isAlive } from './platform/process-end.ts';
export { readListen } from './web/listen-address.ts';
