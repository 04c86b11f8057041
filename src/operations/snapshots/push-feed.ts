import { setTimeout as pause } from 'node:timers/promises'
import { onBehalfOf } from '../../db/fair-pool.ts'
import type { Db } from '../../db/pool.ts'
import { isRunning, type Totals } from '../../snapshots/options.ts'
import { listFinished, listTargetsOf, readTotals } from '../../snapshots/progress.ts'
import { getPush, type PushRow } from '../../snapshots/push.ts'
import { toAnswer, toTargetAnswers } from './push-answers.ts'

const TARGETS_AT_ONCE = 100
/** Pages of targets whose text is kept for the next follower. */
const PAGES_KEPT = 10
/** A batch may commit later than one that ended after it. */
const LOOK_BACK_MS = 30_000

/**
 * One push that somebody follows. What has been seen of it is kept as ids; the text of a page is made when it is asked
 * for.
 */
export class Feed {
  readonly push: PushRow
  followers = 0
  hasEnded = false
  readonly #db: Db
  readonly #pauseMs: () => number
  readonly #pages: string[][] = []
  readonly #texts = new Map<number, Promise<string>>()
  /** Ended within the time that is looked back. */
  readonly #recent = new Map<string, number>()
  #sinceMs = 0
  #looks = 0
  #progress: { number: number; totals: Totals; text: string } | null = null
  #done: string | null = null
  #failure: unknown
  #next = Promise.withResolvers<void>()

  constructor(db: Db, push: PushRow, pauseMs: () => number) {
    this.#db = db
    this.push = push
    this.#pauseMs = pauseMs
  }

  get pageCount(): number {
    return this.#pages.length
  }

  /** What there is to tell beside the targets. Fails with what the last look failed with. */
  state(): { progress: { number: number; text: string } | null; done: string | null; looks: number } {
    if (this.#failure !== undefined) throw this.#failure
    return { progress: this.#progress, done: this.#done, looks: this.#looks }
  }

  /** Resolves once there was another look than those that were known. */
  async lookAfter(looks: number): Promise<void> {
    if (this.#looks === looks) await this.#next.promise
  }

  /** Looks at the push until it has ended, or nobody follows it any more. */
  async live(): Promise<void> {
    try {
      do {
        await this.#look()
        this.#wake()
        if (this.#done !== null) return
        await pause(this.#pauseMs())
      } while (this.followers > 0)
    } catch (error) {
      this.#failure = error
    } finally {
      this.hasEnded = true
      this.#wake()
    }
  }

  #wake(): void {
    this.#looks++
    const next = this.#next
    this.#next = Promise.withResolvers()
    next.resolve()
  }

  async #look(): Promise<void> {
    const db = this.#db
    const push = await getPush(db, this.push.agencyId, this.push.id)
    const fromMs = this.#sinceMs - LOOK_BACK_MS
    const finished = (await listFinished(db, push.id, new Date(fromMs))).filter(
      (row) => !this.#recent.has(row.locationId),
    )
    for (const [locationId, ms] of this.#recent) if (ms <= fromMs) this.#recent.delete(locationId)
    for (let start = 0; start < finished.length; start += TARGETS_AT_ONCE) {
      const page = finished.slice(start, start + TARGETS_AT_ONCE)
      this.#pages.push(page.map((row) => row.locationId))
      for (const row of page) this.#recent.set(row.locationId, row.finishedAt.getTime())
    }
    this.#sinceMs = Math.max(this.#sinceMs, ...finished.slice(-1).map((row) => row.finishedAt.getTime()))
    const totals = await readTotals(db, push.id)
    const isNews = JSON.stringify(totals) !== JSON.stringify(this.#progress?.totals)
    const ended = !isRunning(push.state)
    if (!isNews && !ended) return
    const answer = { push: await toAnswer({ db }, push) }
    if (isNews) this.#progress = { number: (this.#progress?.number ?? 0) + 1, totals, text: event('progress', answer) }
    if (ended) this.#done = event('done', answer)
  }

  /** The targets of a page as events, made once for those who come to it at about the same time. */
  page(number: number): Promise<string> {
    const known = this.#texts.get(number)
    if (known !== undefined) return known
    const text = onBehalfOf(this.push.agencyId, async () => {
      const targets = await listTargetsOf(this.#db, this.push, this.#pages[number] ?? [])
      return (await toTargetAnswers(this.#db, targets)).map((target) => event('target', target)).join('')
    })
    this.#texts.set(number, text)
    text.catch(() => this.#texts.delete(number))
    const [oldest] = this.#texts.keys()
    if (this.#texts.size > PAGES_KEPT && oldest !== undefined) this.#texts.delete(oldest)
    return text
  }
}

function event(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`
}
