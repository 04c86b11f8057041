import type { Tx } from '../db/pool.ts'
import { uuidv7 } from '../ids.ts'
import type { AlsoTold, Committed } from '../journal/index.ts'
import { changesOf } from './changes.ts'
import { addDeliveries, type NewDelivery } from './deliveries.ts'
import type { Endpoint } from './endpoints.ts'
import { type Change, eventsOfKind, type Known, kindOfLife, TOLD_KINDS } from './events/index.ts'
import { loadKnown } from './known.ts'
import { LISTENED, listenersOf, wants } from './listeners.ts'

/** Webhooks, as the round of the journal tells them what has committed. */
export function webhooksTold({
  nowMs,
  onFault,
}: {
  nowMs: () => number
  /** One change that cannot be told must not keep all others from being told. */
  onFault: (error: Error) => void
}): AlsoTold {
  return {
    kinds: TOLD_KINDS,
    listened: LISTENED,
    async tell(tx, rows, isMore) {
      const told = rows.filter(({ event, kind }) => event !== null || TOLD_KINDS.includes(kind))
      if (told.length === 0) return
      const listeners = await listenersOf(tx, told)
      const heard = told.filter((row) => listeners(row).length > 0)
      if (heard.length === 0) return
      await addDeliveries(tx, await deliveriesOf(tx, heard, { isMore, listeners, nowMs, onFault }), nowMs())
    },
  }
}

interface Telling {
  isMore: boolean
  listeners: (row: Committed) => readonly Endpoint[]
  nowMs: () => number
  onFault: (error: Error) => void
}

async function deliveriesOf(
  tx: Tx,
  rows: readonly Committed[],
  { isMore, listeners, nowMs, onFault }: Telling,
): Promise<NewDelivery[]> {
  const changes = await changesOf(tx, rows, isMore)
  const known = await loadKnown(tx, changes)
  return changes.flatMap((change) => {
    try {
      return deliveries(change, known, { endpoints: listeners(change.row), nowMs: nowMs() })
    } catch (error) {
      onFault(error as Error)
      return []
    }
  })
}

function deliveries(
  change: Change,
  known: Known,
  { endpoints, nowMs }: { endpoints: readonly Endpoint[]; nowMs: number },
): NewDelivery[] {
  const { row } = change
  const kind = row.event === null ? row.kind : kindOfLife(row)
  return (eventsOfKind.get(kind) ?? []).flatMap((type) => {
    const listening = endpoints.filter((endpoint) => wants(endpoint, type, change))
    if (listening.length === 0 || !type.is(change)) return []
    const own = type.body(change, known)
    return listening.map((endpoint) =>
      toDelivery(endpoint, {
        type: type.type,
        locationId: row.locationId,
        subject: `${kind}/${row.event === null ? row.entityId : row.event.locationId}`,
        own,
        at: row.at,
        nowMs,
      }),
    )
  })
}

/** A body: what all have (type, app, location, webhook, time), and what it tells. */
export function toDelivery(
  endpoint: Pick<Endpoint, 'locationId' | 'id' | 'appId'>,
  told: { type: string; locationId: string; subject: string; own: Record<string, unknown>; at: Date; nowMs: number },
): NewDelivery {
  const { type, locationId, subject, own, at, nowMs } = told
  const id = uuidv7(nowMs)
  const appId = endpoint.appId ?? endpoint.id
  const common = { type, appId, ...(locationId === '' ? {} : { locationId }) }
  const body = JSON.stringify({ ...common, ...own, webhookId: id, timestamp: at.toISOString() })
  return { locationId: endpoint.locationId, endpointId: endpoint.id, id, event: type, subject, body }
}
