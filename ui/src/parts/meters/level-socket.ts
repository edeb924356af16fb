import { decodeMeterFrame, type MeterFrame } from '@tutti/common';

/** ms until the next try; the page says when there is no host at all. */
const retryMs = 1000;

/** The connection on which levels come, for as long as it has an address. */
export class LevelSocket {
  readonly #take: (frame: MeterFrame) => void;
  #address: string | undefined;
  #socket: WebSocket | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(take: (frame: MeterFrame) => void) {
    this.#take = take;
  }

  set address(address: string | undefined) {
    if (address === this.#address) return;
    this.#address = address;
    clearTimeout(this.#retry);
    const before = this.#socket;
    this.#socket = undefined;
    before?.close();
    this.#connect();
  }

  #connect(): void {
    if (this.#address === undefined) return;
    const socket = new WebSocket(this.#address);
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.onmessage = ({ data }: MessageEvent<unknown>) => {
      const frame = data instanceof ArrayBuffer ? decodeMeterFrame(data) : undefined;
      if (frame && this.#socket === socket) this.#take(frame);
    };
    socket.onclose = () => {
      if (this.#socket === socket) this.#retry = setTimeout(() => this.#connect(), retryMs);
    };
  }
}
