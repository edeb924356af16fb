export * from './format.ts';
export * from './sdp/session.ts';
