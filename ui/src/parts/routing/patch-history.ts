import type { PatchReply, PatchRequest, RouteInfo } from '@tutti/common';

/** One gesture: what it did and what undoes it. */
export interface PatchStep {
  /** For a person, `Patch 8 channels of Stage`. */
  readonly title: string;
  readonly request: PatchRequest;
  readonly undo: PatchRequest;
}

/** Steps remembered; older ones can no longer be undone. */
const mostSteps = 200;

/** What can be undone and redone. A value: every change makes a new one. */
export interface PatchHistory {
  /** Latest last. */
  readonly done: readonly PatchStep[];
  /** Next to be redone last. */
  readonly undone: readonly PatchStep[];
}

export const noHistory: PatchHistory = { done: [], undone: [] };

export function withStep({ done }: PatchHistory, step: PatchStep): PatchHistory {
  return { done: [...done, step].slice(-mostSteps), undone: [] };
}

/** After the last step was undone. */
export function withUndone({ done, undone }: PatchHistory): PatchHistory {
  const step = done.at(-1);
  return step ? { done: done.slice(0, -1), undone: [...undone, step] } : { done, undone };
}

/** Without the step that would be undone, or done again, next. */
export function withoutNext({ done, undone }: PatchHistory, next: 'undo' | 'redo'): PatchHistory {
  return next === 'undo' ? { done: done.slice(0, -1), undone } : { done, undone: undone.slice(0, -1) };
}

/**
 * After the last undone step was done again. Its receivers have new ids: every step that is about the old ones is about the
 * new ones now.
 */
export function withRedone({ done, undone }: PatchHistory, { receivers, undo }: PatchReply): PatchHistory {
  const step = undone.at(-1);
  if (!step) return { done, undone };
  const fresh = new Map((step.undo.remove ?? []).map((old, i) => [old, receivers[i]?.id ?? old]));
  const renamed = (each: PatchStep): PatchStep => ({
    ...each,
    request: renameReceivers(each.request, fresh),
    undo: renameReceivers(each.undo, fresh),
  });
  const redone = { ...step, request: renameReceivers(step.request, fresh), undo };
  return { done: [...done.map(renamed), redone], undone: undone.slice(0, -1).map(renamed) };
}

function renameReceivers(request: PatchRequest, fresh: ReadonlyMap<string, string>): PatchRequest {
  const route = (each: RouteInfo): RouteInfo => {
    const id = each.receiverId === undefined ? undefined : fresh.get(each.receiverId);
    return id === undefined ? each : { ...each, receiverId: id };
  };
  return {
    ...request,
    ...(request.clear && { clear: request.clear.map(route) }),
    ...(request.set && { set: request.set.map(route) }),
    ...(request.remove && { remove: request.remove.map((id) => fresh.get(id) ?? id) }),
  };
}
