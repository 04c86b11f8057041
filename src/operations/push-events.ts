import { setTimeout as pause } from 'node:timers/promises'
import type { Db } from '../db/pool.ts'
import { isRunning, type Totals } from '../snapshots/options.ts'
import { listFinished, listTargetsOf, readTotals } from '../snapshots/progress.ts'
import { getPush, type PushRow } from '../snapshots/push.ts'
import { toAnswer, toTargetAnswers } from './push-answers.ts'

const LOOK_MS = 250
const HEARTBEAT_MS = 15_000
const TARGETS_AT_ONCE = 500
/** A batch may commit later than one that ended after it. */
const LOOK_BACK_MS = 30_000

/** The life of a push as server-sent events. Ends with `done`; a reader that leaves ends it too. */
export async function* pushEvents(db: Db, started: PushRow): AsyncGenerator<string> {
  let sinceMs = 0
  let last: Totals | null = null
  let spokenMs = Date.now()
  const told = new Set<string>()
  for (;;) {
    const push = await getPush(db, started.agencyId, started.id)
    const ended = !isRunning(push.state)
    const finished = (await listFinished(db, push.id, new Date(sinceMs - LOOK_BACK_MS))).filter((row) => !told.has(row.locationId))
    for (let start = 0; start < finished.length; start += TARGETS_AT_ONCE) {
      const page = finished.slice(start, start + TARGETS_AT_ONCE)
      const ids = page.map((row) => row.locationId)
      for (const target of await toTargetAnswers(db, await listTargetsOf(db, push, ids))) {
        told.add(target.locationId)
        yield event('target', target)
      }
      sinceMs = Math.max(sinceMs, ...page.map((row) => row.finishedAt.getTime()))
    }
    const totals = await readTotals(db, push.id)
    if (JSON.stringify(totals) !== JSON.stringify(last)) {
      last = totals
      spokenMs = Date.now()
      yield event('progress', { push: await toAnswer({ db }, push) })
    }
    if (ended) {
      yield event('done', { push: await toAnswer({ db }, push) })
      return
    }
    if (Date.now() - spokenMs > HEARTBEAT_MS) {
      spokenMs = Date.now()
      yield ': still here\n\n'
    }
    await pause(LOOK_MS)
  }
}

function event(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`
}
