export * from './disposable.ts';
export * from './event.ts';
export * from './problem.ts';
export * from './result.ts';
export * from './token.ts';
