import { hostname, userInfo } from 'node:os'
import { keepEvent } from '../../auth/security-events.ts'
import { namesOf, type Told, toDetail, toSubjects } from '../../auth/subjects.ts'
import { systemClock } from '../../clock.ts'
import type { Db, Tx } from '../../db/pool.ts'
import { inTransaction } from '../../db/transaction.ts'
import { uuidv7 } from '../../ids.ts'
import { createLog, logSecurity, type SecurityEvent } from '../../log.ts'
import type { Invocation } from './command.ts'

/** What a command has decided about access: by the operation that does the same, where there is one. */
export interface Deed {
  event: string
  /** Null: it concerns the whole installation, and is in the log alone. */
  agencyId: string | null
  /** What it was done to. Never a secret. */
  told: Told
}

/**
 * Does what decides about access in one transaction, keeps it there for the agency, and logs it once it is certain: who
 * runs commands is known by their account on the machine.
 */
export async function decide<T>(
  { call, db }: { call: Pick<Invocation, 'config'>; db: Db },
  work: (tx: Tx, atMs: number) => Promise<T>,
  deedOf: (done: T) => Deed,
): Promise<T> {
  const atMs = systemClock.nowMs()
  const [done, event] = await inTransaction(db, async (tx) => {
    const result = await work(tx, atMs)
    const { agencyId, event: name, told } = deedOf(result)
    const line = { ...toEvent(name, atMs), detail: toDetail(told) }
    const about = toSubjects(told, await namesOf(tx, told))
    if (agencyId !== null) await keepEvent(tx, { agencyId }, { ...line, about }, atMs)
    return [result, { ...line, tenant: agencyId ?? undefined }] as const
  })
  logSecurity(createLog(call.config.logLevel), event)
  return done
}

/** The same of what is done beside any one transaction of ours. */
export function logDeed(call: Pick<Invocation, 'config'>, event: string, detail: string): void {
  logSecurity(createLog(call.config.logLevel), { ...toEvent(event, systemClock.nowMs()), detail })
}

const toEvent = (event: string, atMs: number): SecurityEvent => ({
  event,
  outcome: 'done',
  who: `command line (${accountName()})`,
  from: hostname(),
  traceId: uuidv7(atMs),
})

/** Some containers run as a user that nobody has given a name. */
function accountName(): string {
  try {
    return userInfo().username
  } catch {
    return String(process.getuid?.() ?? 'unknown')
  }
}
