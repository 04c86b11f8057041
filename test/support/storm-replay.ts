import { sql } from 'kysely'
import { query, texts } from '../../src/db/pool.ts'
import { deriveId } from '../../src/ids.ts'
import { type AssetResource, findPartLineage, toPartId } from '../../src/store/assets/index.ts'
import { readMarkers } from '../../src/store/markers.ts'
import { readAll, type Story } from './stories.ts'
import { type Hand, send } from './storm-hand.ts'
import { type Point, readPoints } from './storm-order.ts'

/** A push, or the roll-back of one, as it was asked for; without its targets. */
export interface PushDeed {
  id: string
  snapshotId: string
  /** The push that it rolled back. */
  reverts?: string
  body: object
}

export interface Lived {
  story: Story
  hand: Hand
  pushes: readonly PushDeed[]
  snapshotIds: readonly string[]
}

/** Ids of one location -> those of the same things in another. */
type Ids = Map<string, string>

const ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b[A-Za-z0-9]{20}\b/g
const translate = (text: string, ids: Ids) => text.replace(ID, (id) => ids.get(id) ?? id)
const translated = <T>(value: T, ids: Ids): T => JSON.parse(translate(JSON.stringify(value), ids)) as T

/**
 * Does all that was acknowledged in a location once more in an empty one, one thing after the other, in the order in
 * which it was written. Answers what is not the same in the end: what stands there, and what the pushes told of it.
 */
export async function replay(lived: Lived, other: Hand): Promise<string[]> {
  const { story, hand, pushes } = lived
  const points = await readPoints(story.server.app.platform.db, [hand.locationId])
  const faults = interleaved(points)
  const ids = await derivedIds(lived, other.locationId)
  const deeds = new Map(hand.deeds.map((deed) => [deed.traceId, deed]))
  const pushById = new Map(pushes.map((push) => [push.id, push]))
  const replayed = new Map<string, string>()
  for (const { cause } of points) {
    const push = pushById.get(cause)
    if (push !== undefined) replayed.set(push.id, await pushAgain(story, push, replayed, other.locationId))
    const deed = deeds.get(cause)
    if (deed !== undefined) {
      const act = translated(deed.act, ids)
      const reply = await send(other.client(), act)
      if (reply.status !== deed.reply.status)
        faults.push(
          `${act.method} ${act.path} ${JSON.stringify(act.body)} was answered ${deed.reply.status}, alone ` +
            `${reply.status} ${JSON.stringify(reply.body)}`,
        )
      else {
        pair(deed.reply.body, reply.body, ids)
        await pairWritten(story, [cause, reply.headers.get('x-trace-id') as string], ids)
      }
    }
    if (push === undefined && deed === undefined) faults.push(`nobody has asked for ${cause}`)
  }
  for (const pair of [...ids]) {
    const [lineage, again] = [findPartLineage(pair[0], hand.locationId), findPartLineage(pair[1], other.locationId)]
    if (lineage !== null && again !== null) ids.set(lineage, again)
  }
  faults.push(
    ...compare(
      'stands',
      translated(await readState(story, hand.locationId), ids),
      await readState(story, other.locationId),
    ),
  )
  for (const [id, again] of replayed) {
    const told = await readReport(story, id, hand.locationId)
    faults.push(
      ...compare(`report of push ${id}`, translated(told, ids), await readReport(story, again, other.locationId)),
    )
  }
  return faults.map((fault) => `${hand.locationId} (again: ${other.locationId}): ${fault}`)
}

/** Who holds a location has it alone: nothing of another falls between its first and its last write. */
function interleaved(points: readonly Point[]): string[] {
  const holders = points.filter((point) => point.holds)
  return holders.flatMap((point, index) => {
    const next = holders[index + 1]
    return next !== undefined && next.first < point.last
      ? [`${point.cause} and ${next.cause} have written at the same time`]
      : []
  })
}

async function pushAgain(
  { agency }: Story,
  push: PushDeed,
  replayed: ReadonlyMap<string, string>,
  locationId: string,
): Promise<string> {
  const { push: started } =
    push.reverts === undefined
      ? await agency.post(`/${push.snapshotId}/push`, { ...push.body, locationIds: [locationId] }, 202)
      : await agency.post(`/pushes/${replayed.get(push.reverts)}/rollback`, push.body, 202)
  await agency.ended(started.id)
  return started.id
}

/** Ids that pushes give are made of the location and the lineage. */
async function derivedIds({ story, hand, snapshotIds }: Lived, otherId: string): Promise<Ids> {
  const { db, resources } = story.server.app.platform
  const entries = await query(
    db,
    sql<{ kind: string; lineage: string; text: string }>`
      select distinct e.kind, e.lineage, b.doc::text as text from snapshot_entry e join blob b using (hash)
        where e.snapshot_id = any(${texts(snapshotIds)})`,
  )
  const ids: Ids = new Map([[hand.locationId, otherId]])
  for (const { kind, lineage, text } of entries) {
    const { idFormat } = resources.get(kind) as AssetResource
    ids.set(deriveId(idFormat, hand.locationId, kind, lineage), deriveId(idFormat, otherId, kind, lineage))
    for (const part of readMarkers(text).parts) ids.set(toPartId(part, hand.locationId), toPartId(part, otherId))
  }
  return ids
}

/** Two answers to one request name the same things. */
function pair(one: unknown, other: unknown, ids: Ids): void {
  if (typeof one === 'string' && typeof other === 'string') {
    const [left, right] = [one.match(ID) ?? [], other.match(ID) ?? []]
    if (left.length === right.length)
      for (const [index, id] of left.entries())
        if (id !== right[index] && !ids.has(id)) ids.set(id, right[index] as string)
    return
  }
  if (one === null || other === null || typeof one !== 'object' || typeof other !== 'object') return
  for (const [name, value] of Object.entries(one)) pair(value, (other as Record<string, unknown>)[name], ids)
}

/** What two requests wrote, too: a tag may be made with the contact that bears it. */
async function pairWritten({ server }: Story, causes: readonly [string, string], ids: Ids): Promise<void> {
  const rows = await query(
    server.app.platform.db,
    sql<{
      cause: string
      id: string
    }>`select cause, entity_id as id from change where cause = any(${texts(causes)}) order by storm_order`,
  )
  const [one, other] = causes.map((cause) => rows.filter((row) => row.cause === cause).map(({ id }) => id)) as [
    string[],
    string[],
  ]
  pair(one, other, ids)
}

/** What stands in a location, by `kind id`. */
async function readState(story: Story, locationId: string): Promise<Record<string, unknown>> {
  const { db } = story.server.app.platform
  const records = await query(
    db,
    sql<{ kind: string; id: string; doc: Record<string, unknown> }>`
      select kind, id, doc from record where location_id = ${locationId} and kind in ('contacts', 'opportunities')
        and deleted_at is null`,
  )
  const assets = await readAll(story, locationId)
  return Object.fromEntries([
    ...assets.map(({ kind, id, document }) => [`${kind} ${id}`, document]),
    ...records.map(({ kind, id, doc }) => [
      `${kind} ${id}`,
      { tags: doc.tags ?? [], pipelineId: doc.pipelineId ?? null, pipelineStageId: doc.pipelineStageId ?? null },
    ]),
  ])
}

/**
 * What a push told of a target, by `kind lineage`. An asset whose references are only written by other lineages of the
 * same things counts as unchanged: whether that is noticed depends on whether all of a target is looked at.
 */
async function readReport(story: Story, pushId: string, locationId: string): Promise<Record<string, unknown>> {
  const { assets, status, error } = await story.agency.outcomes(pushId, locationId)
  const renamed = await readRenamed(story, pushId, locationId)
  return Object.fromEntries([
    ['target', { status, error }],
    ...(assets as Told[]).map(({ kind, lineage, reason, detail, outcome, ...rest }) => {
      const told = {
        ...rest,
        outcome: outcome === 'updated' && renamed.has(`${kind} ${rest.id}`) ? 'unchanged' : outcome,
      }
      // In the order of their ids, which are others in each location.
      const { candidates } = detail ?? {}
      // What a reference is called may be learnt from another target of the push; a stage or step that nobody there
      // remembers is shown by its id.
      const plain = JSON.parse(
        JSON.stringify(detail ?? null)
          .replace(/\[(\w+): [^\]]*\]/g, '[$1]')
          .replace(
            /"(\[(stage|step|page|field|slide|notification)\]|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})"/g,
            '"[part]"',
          ),
      )
      return [
        `${kind} ${lineage}`,
        candidates === undefined ? { ...told, reason, detail: plain } : { ...told, candidates: candidates.length },
      ]
    }),
  ])
}

async function readRenamed({ server }: Story, pushId: string, locationId: string): Promise<Set<string>> {
  const rows = await query(
    server.app.platform.db,
    sql<{ name: string; before: string; after: string }>`
      select c.kind || ' ' || c.entity_id as name, b.doc::text as before, a.doc::text as after
      from change c join blob b on b.hash = c.before_hash join blob a on a.hash = c.after_hash
        where c.location_id = ${locationId} and c.cause = ${pushId}`,
  )
  const bare = (text: string) => text.replace(/⟦(\w*)[:.][^⟧]*⟧/g, '⟦$1⟧')
  return new Set(rows.filter(({ before, after }) => bare(before) === bare(after)).map(({ name }) => name))
}

interface Told {
  kind: string
  lineage: string
  id: string | null
  outcome: string
  reason?: string
  detail?: { candidates?: unknown[] }
}

/** What differs, place by place. A field without a value is one that is not there. */
function compare(what: string, one: unknown, other: unknown): string[] {
  if (one === other) return []
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null)
    return [`${what} is ${brief(one)}, alone ${brief(other)}`]
  const [left, right] = [one as Record<string, unknown>, other as Record<string, unknown>]
  return [...new Set([...Object.keys(left), ...Object.keys(right)])]
    .sort()
    .flatMap((name) => compare(`${what}: ${name}`, left[name], right[name]))
}

const brief = (value: unknown) => JSON.stringify(value)?.slice(0, 300)
