/** The host, as this process talks to it. */
export interface HostLink {
  /** Never throws: a host that is gone takes this process along. */
  notify(method: string, argument: unknown): void;
  /** @throws TuttiError with the host's problem. */
  request<T>(method: string, argument: unknown, signal?: AbortSignal): Promise<T>;
}
