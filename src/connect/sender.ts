import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { webhookKeys } from '../auth/webhook-keys.ts'
import { readWebhookSecrets } from '../auth/webhook-secrets.ts'
import type { Clock } from '../clock.ts'
import type { Notices } from '../db/notices.ts'
import { Outage } from '../db/outage.ts'
import type { Db } from '../db/pool.ts'
import { inTransaction } from '../db/transaction.ts'
import type { Log } from '../log.ts'
import { DELIVERIES_DUE } from './deliveries.ts'
import { type Answered, createGuardedFetch } from './guarded-fetch.ts'
import { type Ended, type Leased, lease, settle, switchOff } from './leases.ts'
import { type AttemptCounts, outcomeOf } from './outcomes.ts'
import { tellOwners } from './owners.ts'
import { signedHeaders } from './signatures.ts'
import { MOST_WIDTH, Widths } from './widths.ts'

/** Standard Webhooks: so long a receiver may take. */
const PATIENCE_MS = 15_000
/** Of an answer, this much is kept. */
const MOST_ANSWER_BYTES = 4_096
/** Requests of one worker under way. */
const MOST_UNDER_WAY = 1_024
/** Between two looks while there is something to do: what ended meanwhile is written down at once. */
const GATHER_MS = 10
const IDLE_MS = 1_000
/** For requests under way when a worker ends; what does not answer in it is sent again by another. */
const FAREWELL_MS = 3_000

export interface Sending {
  db: Db
  clock: Clock
  log: Log
  /** Whether owners are told by mail too. */
  byMail: boolean
  notices: Notices
  allowedNetworks: string | undefined
  /** Counted up with each attempt. */
  counts: AttemptCounts
  patienceMs?: number
  /** From 0 to 1. */
  chance?: () => number
}

export interface WebhookSender {
  stop(): Promise<void>
}

/** Delivers until stopped. Every worker does; none of them takes what another one has under way. */
export function startWebhookSender(sending: Sending): WebhookSender {
  const { db, clock, log, notices, chance = Math.random } = sending
  const name = randomUUID()
  const fetch = createGuardedFetch({ allowedNetworks: sending.allowedNetworks, connections: MOST_WIDTH })
  const outage = new Outage(log, 'the database, asked for deliveries,')
  const ended = new AbortController()
  const widths = new Widths()
  const underWay = new Set<Promise<void>>()
  let results: Ended[] = []
  let woken = Promise.withResolvers<void>()
  const wake = () => {
    woken.resolve()
    woken = Promise.withResolvers()
  }
  notices.on(DELIVERIES_DUE, wake)
  const wait = (ms: number) => pause(ms, undefined, { signal: ended.signal }).catch(() => {})

  async function send(leased: Leased, headers: Record<string, string>): Promise<void> {
    const atMs = clock.nowMs()
    const startMs = performance.now()
    let answer: Answered | null = null
    let error: string | null = null
    try {
      const { url, body } = leased
      const patienceMs = sending.patienceMs ?? PATIENCE_MS
      answer = await fetch.post({ url, headers, body, patienceMs, mostBytes: MOST_ANSWER_BYTES })
    } catch (cause) {
      error = (cause as Error).message || String((cause as { code?: string }).code)
    }
    const durationMs = Math.round(performance.now() - startMs)
    const outcome = outcomeOf(answer, { tries: leased.tries, nowMs: clock.nowMs(), chance: chance() })
    sending.counts[answer === null ? 'unanswered' : outcome.state === 'delivered' ? 'delivered' : 'refused']++
    widths.ended(leased, { isQuick: outcome.state === 'delivered' && durationMs < 1_000 })
    // PostgreSQL keeps no U+0000.
    const text = (answer?.text ?? '').replaceAll('\u0000', '').toWellFormed()
    const attempt = { at: new Date(atMs).toISOString(), url: leased.url, durationMs, status: answer?.status ?? null }
    results.push({ ...outcome, leased, attempt: { ...attempt, answer: text, error } })
    wake()
  }

  /** What ended is written down; if that fails, once more with what ends until then. */
  async function writeDown(): Promise<void> {
    if (results.length === 0) return
    const some = results
    results = []
    try {
      const off = await inTransaction(db, async (tx) => {
        await settle(tx, some, { name, nowMs: clock.nowMs() })
        const gone = await switchOff(tx, some, clock.nowMs())
        for (const one of gone) await tellOwners(tx, one, { atMs: clock.nowMs(), byMail: sending.byMail })
        return gone
      })
      for (const one of off) log.warn({ webhook: one.id, why: one.off }, 'webhook switched off')
    } catch (error) {
      results = [...some, ...results]
      throw error
    }
  }

  async function take(): Promise<number> {
    const most = MOST_UNDER_WAY - underWay.size
    if (most <= 0) return 0
    const nowMs = clock.nowMs()
    const taken = await lease(db, { ...widths.rooms(), most, nowMs, name })
    if (taken.length === 0) return 0
    const keys = await webhookKeys(db, nowMs)
    const places = taken.map(({ locationId, endpointId: id }) => ({ locationId, id }))
    const secrets = await readWebhookSecrets(db, places, nowMs)
    for (const leased of taken) {
      const { id, body, locationId, endpointId } = leased
      const own = secrets.get(`${locationId} ${endpointId}`) ?? []
      widths.began(leased)
      const sent: Promise<void> = send(leased, signedHeaders({ id, body, atMs: nowMs }, own, keys)).finally(() =>
        underWay.delete(sent),
      )
      underWay.add(sent)
    }
    return taken.length
  }

  async function live(): Promise<void> {
    while (!ended.signal.aborted) {
      const called = woken.promise
      let taken = 0
      try {
        await writeDown()
        taken = await take()
        outage.over()
      } catch (error) {
        outage.failed(error as Error)
        await wait(1_000)
      }
      await (taken > 0 ? wait(GATHER_MS) : Promise.race([wait(IDLE_MS), called.then(() => wait(GATHER_MS))]))
    }
  }

  const living = live()
  return {
    async stop() {
      ended.abort()
      await living
      await Promise.race([Promise.all(underWay), pause(FAREWELL_MS)])
      await writeDown().catch((error) => outage.failed(error))
      fetch.close()
    },
  }
}
