import { AppError } from '../errors.ts'

interface Waiting {
  enter(): void
}

export interface TurnsOptions {
  /** Who may be inside at a time. */
  size: number
  /** Of these, what each tenant may be in any case. */
  share: number
  /** Beyond its share a tenant gets in only while more than so many places are free. */
  reserve: number
  /** Whoever waits for so long is refused: 503. */
  patienceMs: number
  /** Of one tenant that may wait at a time. */
  mostWaiting: number
}

/** Places that no tenant can take all of. Those who wait are served in turn, tenant by tenant. */
export class Turns {
  readonly #options: TurnsOptions
  readonly #held = new Map<string, number>()
  readonly #waiting = new Map<string, Waiting[]>()
  #taken = 0

  constructor(options: TurnsOptions) {
    this.#options = options
  }

  /** Those who wait. */
  get waiting(): number {
    return [...this.#waiting.values()].reduce((sum, line) => sum + line.length, 0)
  }

  /** Waits for a place, and answers what gives it back, to be called once. */
  async enter(tenant: string): Promise<() => void> {
    await this.#enter(tenant)
    return () => this.#leave(tenant)
  }

  #mayEnter(tenant: string): boolean {
    const { size, share, reserve } = this.#options
    const free = size - this.#taken
    return free > 0 && ((this.#held.get(tenant) ?? 0) < share || free > reserve)
  }

  #enter(tenant: string): Promise<void> {
    const { mostWaiting, patienceMs } = this.#options
    if (!this.#waiting.has(tenant) && this.#mayEnter(tenant)) {
      this.#take(tenant)
      return Promise.resolve()
    }
    const line = this.#waiting.get(tenant) ?? []
    if (line.length >= mostWaiting) return Promise.reject(new AppError('busy', { seconds: 1 }))
    this.#waiting.set(tenant, line)
    return new Promise((done, refuse) => {
      const one: Waiting = {
        enter: () => {
          clearTimeout(late)
          this.#take(tenant)
          done()
        },
      }
      const late = setTimeout(() => {
        this.#drop(tenant, one)
        refuse(new AppError('busy', { seconds: 1 }))
      }, patienceMs)
      line.push(one)
    })
  }

  #take(tenant: string): void {
    this.#taken++
    this.#held.set(tenant, (this.#held.get(tenant) ?? 0) + 1)
  }

  #leave(tenant: string): void {
    this.#taken--
    const left = (this.#held.get(tenant) ?? 1) - 1
    if (left === 0) this.#held.delete(tenant)
    else this.#held.set(tenant, left)
    for (const [name, line] of [...this.#waiting]) {
      const first = line[0]
      if (first === undefined || !this.#mayEnter(name)) continue
      this.#drop(name, first)
      // Behind the others: each tenant in turn.
      if (line.length > 0) {
        this.#waiting.delete(name)
        this.#waiting.set(name, line)
      }
      first.enter()
    }
  }

  #drop(tenant: string, one: Waiting): void {
    const line = this.#waiting.get(tenant) ?? []
    const place = line.indexOf(one)
    if (place >= 0) line.splice(place, 1)
    if (line.length === 0) this.#waiting.delete(tenant)
  }
}
