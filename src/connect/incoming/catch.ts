import { hash, timingSafeEqual } from 'node:crypto'
import { sql } from 'kysely'
import { readConnectionSecrets } from '../../auth/connection-secrets.ts'
import type { Clock } from '../../clock.ts'
import type { Notices } from '../../db/notices.ts'
import type { Db } from '../../db/pool.ts'
import { AppError } from '../../errors.ts'
import { CONNECTIONS, type Connection, findConnection } from '../connections/connection.ts'
import { type Definition, getVersion } from '../connections/versions.ts'
import { verifyDelivery } from '../reading/verify.ts'
import { countWaiting, MOST_WAITING } from './arrivals.ts'
import { gatherArrival } from './gathered-arrivals.ts'

/** A connection that is called, as it is remembered. */
export interface Hook {
  connection: Connection
  source: Definition['source']
  secrets: Record<string, string>
  /** What waits is too much. */
  isFull: boolean
}

/** What came to the address of a connection. */
export interface Knocked {
  headers: Record<string, string>
  body: Buffer
}

export interface Catcher {
  /** Whose address it is. 404: nobody's, or the secret in it is wrong. 429: too many came in this second, or wait. */
  find(id: string, secret: string): Promise<Hook>
  /** Keeps what came. Answers what it is known by. 401: nobody signed it who may. */
  take(hook: Hook, knocked: Knocked): Promise<string>
}

/** So long a connection is taken for what it was, without a word that it is another one: how much waits is told by nobody. */
const REMEMBERED_MS = 2_000
const MOST_REMEMBERED = 5_000
/** What is kept of the headers: none of them opens anything. */
const KEPT =
  /^(content-type|content-encoding|user-agent|webhook-(id|timestamp)|x-[a-z-]*(event|topic|arrival|request-id))$/

interface Remembered {
  hook: Promise<Hook | null>
  untilMs: number
  second: number
  count: number
}

export function createCatcher({
  db,
  notices,
  clock,
  perSecond,
}: {
  db: Db
  notices: Notices
  clock: Clock
  perSecond: number
}): Catcher {
  const remembered = new Map<string, Remembered>()
  notices.on(CONNECTIONS, () => remembered.clear())

  function recall(id: string): Remembered {
    const known = remembered.get(id)
    if (known !== undefined && performance.now() < known.untilMs) return known
    if (remembered.size >= MOST_REMEMBERED) remembered.clear()
    const hook = load(db, id)
    const { second = 0, count = 0 } = known ?? {}
    const one = { hook, untilMs: performance.now() + REMEMBERED_MS, second, count }
    remembered.set(id, one)
    hook.catch(() => remembered.delete(id))
    return one
  }

  function count(one: Remembered): void {
    const second = Math.floor(performance.now() / 1000)
    if (second !== one.second) Object.assign(one, { second, count: 0 })
    if (++one.count > perSecond) throw new AppError('rate_limited', { seconds: 1 })
  }

  return {
    async find(id, secret) {
      const one = recall(id)
      const hook = await one.hook
      const { address } = hook?.secrets ?? {}
      const isOpen = hook !== null && (secret === '' ? isSigned(hook.source) : isEqual(secret, address))
      if (hook === null || !isOpen) throw new AppError('not_found', { what: 'connection', id })
      count(one)
      if (hook.isFull) throw new AppError('crowded', { what: 'waiting messages', seconds: 60 })
      return hook
    },
    async take(hook, { headers, body }) {
      const { connection } = hook
      const { locationId, id: connectionId, agencyId, state } = connection
      const message = verified(hook, { headers, body }, clock.nowMs(), (why) => noteRefusal(db, connection, why))
      const kept = Object.fromEntries(Object.entries(headers).filter(([name]) => KEPT.test(name)))
      return gatherArrival(db, clock, {
        locationId,
        connectionId,
        agencyId,
        message,
        headers: kept,
        body,
        state: state === 'draft' || state === 'test' ? 'sample' : 'waiting',
      })
    },
  }
}

async function load(db: Db, id: string): Promise<Hook | null> {
  const connection = await findConnection(db, id)
  if (connection === null || connection.way !== 'hook') return null
  const { doc } = await getVersion(db, connection, connection.liveVersion ?? connection.version)
  const [secrets, waiting] = await Promise.all([readConnectionSecrets(db, connection), countWaiting(db, connection)])
  return { connection, source: doc.source, secrets, isFull: waiting >= MOST_WAITING }
}

/** What the other program calls the message: the same is not taken twice. Null: it does not say. */
function verified(
  { source, secrets }: Hook,
  { headers, body }: Knocked,
  nowMs: number,
  refused: (because: string) => void,
): string | null {
  const rule = source.verify
  const said = headers['webhook-id'] ?? null
  if (rule === undefined || rule.kind === 'address') return said === null ? null : toMessage(`id ${said}`)
  const signing = Object.entries(secrets).flatMap(([name, secret]) => (name.startsWith('signing') ? [secret] : []))
  const verdict = verifyDelivery(rule, signing, { headers, body, addressSecret: null }, nowMs)
  if (!verdict.genuine) {
    refused(verdict.because)
    throw new AppError('signature_wrong', { because: verdict.because })
  }
  if (verdict.id !== null) return toMessage(`id ${verdict.id}`)
  // Who signs the moment signs each delivery anew: the same signature is the same delivery. Without it the same body is
  // signed in the same way, and may be meant again.
  const isOfMoment = 'timestamp' in rule && rule.timestamp !== undefined
  return isOfMoment ? toMessage(`signature ${headers[rule.header.toLowerCase()]}`) : null
}

/** Whatever it is, it has one length. */
const toMessage = (text: string) => digest(text).toString('base64')

const isSigned = ({ verify }: Definition['source']) => verify !== undefined && verify.kind !== 'address'

const noted = new Map<string, number>()
const NOTED_EVERY_MS = 10_000

/** Whoever looks at the connection sees why nothing comes; a flood of forgeries is not a flood of writes. */
function noteRefusal(db: Db, { locationId, id }: Connection, because: string): void {
  if (performance.now() - (noted.get(id) ?? Number.NEGATIVE_INFINITY) < NOTED_EVERY_MS) return
  if (noted.size > MOST_REMEMBERED) noted.clear()
  noted.set(id, performance.now())
  const error = `Something was refused: ${because}`
  sql`update connection set last_error = ${error} where location_id = ${locationId} and id = ${id}`
    .execute(db)
    .catch(() => {})
}

const digest = (text: string) => hash('sha256', text, 'buffer')
const isEqual = (shown: string, wanted: string | undefined) =>
  wanted !== undefined && timingSafeEqual(digest(shown), digest(wanted))
