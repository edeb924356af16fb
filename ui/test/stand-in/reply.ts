export interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: string | Uint8Array;
}
