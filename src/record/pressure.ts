import { QUEUE_BYTES } from '../tape/index.ts'

/** Why a socket is held. */
export const DISK_IS_FULL = `${QUEUE_BYTES / 1024 / 1024} MiB wait for the disk`

/** Whether too much waits for the disk, and who wants to hear of a change. */
export class Pressure {
  #isFull = false
  #listener: (isFull: boolean) => void = () => {}

  get isFull(): boolean {
    return this.#isFull
  }

  set(isFull: boolean): void {
    this.#isFull = isFull
    this.#listener(isFull)
  }

  /** There is one that listens: the last that asked. */
  listen(listener: (isFull: boolean) => void): void {
    this.#listener = listener
  }
}
