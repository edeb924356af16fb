// The part of sdp-transform that the cross-check uses; the package has no types of its own.
declare module 'sdp-transform' {
  export interface Connection {
    ip: string;
  }
  export interface Media {
    type: string;
    port: number;
    connection?: Connection;
    rtp: { payload: number; codec: string; rate?: number; encoding?: number }[];
    ptime?: number | string;
    mid?: string;
  }
  export function parse(sdp: string): {
    origin?: { username: string; sessionId: number | string; sessionVersion: number; address: string };
    name?: string;
    connection?: Connection;
    media: Media[];
  };
}
