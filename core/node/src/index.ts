export { startHost, type Host } from './host.ts';
export type { HostOptions } from './options.ts';
export { checkFolder } from './extensions/manifest.ts';
export { filesOf } from './extensions/extension-store.ts';
export { writePackage } from './extensions/package-file.ts';
export * from './instance.ts';
