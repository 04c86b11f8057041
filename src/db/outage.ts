import type { Log } from '../log.ts'

/** When it is told again that it still goes on: after so many seconds, and then each time the last number more. */
const TOLD_AGAIN_SECONDS = [10, 60, 300]

/** What fails each second for minutes is told a few times, and once when it is over. */
export class Outage {
  readonly #log: Log
  readonly #what: string
  #sinceMs: number | null = null
  #told = 0
  #nextMs = 0

  /** `what`: as in "what does not answer". */
  constructor(log: Log, what: string) {
    this.#log = log
    this.#what = what
  }

  failed(error: unknown): void {
    const now = performance.now()
    this.#sinceMs ??= now
    if (now < this.#nextMs) return
    const seconds = Math.round((now - this.#sinceMs) / 1000)
    this.#log.warn(
      { reason: reasonOf(error), seconds },
      this.#told === 0 ? `${this.#what} does not answer` : `${this.#what} still does not answer`,
    )
    this.#nextMs = now + 1000 * (TOLD_AGAIN_SECONDS[Math.min(this.#told, TOLD_AGAIN_SECONDS.length - 1)] as number)
    this.#told++
  }

  over(): void {
    if (this.#sinceMs === null) return
    this.#log.warn({ seconds: Math.round((performance.now() - this.#sinceMs) / 1000) }, `${this.#what} answers again`)
    this.#sinceMs = null
    this.#told = 0
    this.#nextMs = 0
  }
}

/** The message only: errors of the driver carry the client, and the client the password. */
export function reasonOf(error: unknown): string {
  const { message = '', code = '' } = error as { message?: string; code?: string }
  return message || code || String(error)
}
