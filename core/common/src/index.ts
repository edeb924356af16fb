export * from './check-mdns.ts';
export * from './clock-report.ts';
export * from './engine-plan.ts';
export * from './engine-protocol.ts';
export * from './extension-protocol.ts';
export * from './host-api.ts';
export * from './host-mdns.ts';
export * from './mdns-protocol.ts';
