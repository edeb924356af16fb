export * from './access.ts';
export * from './clock-report.ts';
export * from './engine-plan.ts';
export * from './engine-protocol.ts';
export * from './extension-protocol.ts';
export * from './host-api.ts';
export * from './receiver-health.ts';
export * from './registry.ts';
