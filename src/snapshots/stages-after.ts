import { sql } from 'kysely'
import { type Db, query, texts } from '../db/pool.ts'
import { getBlobs, toPartId } from '../store/assets/index.ts'
import { partOfMarker } from '../store/markers.ts'
import type { Combined } from './combine.ts'
import type { Decision } from './decide.ts'
import { type Json, labelOf } from './diff.ts'
import type { Identities } from './identity.ts'

/** The kind in whose parts records stand, and where those parts are. */
export const STAGED = { kind: 'pipelines', list: 'stages' } as const

export type Stage = { [name: string]: Json; id: string }

export function stagesOf(document: Json | null): Stage[] {
  const list = (document as { [name: string]: Json } | null)?.[STAGED.list]
  return Array.isArray(list)
    ? (list.filter((stage) => partOfMarker((stage as { id?: Json } | null)?.id) !== null) as Stage[])
    : []
}

/** A stage where opportunities can stand when a push is done. */
export interface StagePlace {
  pipelineId: string
  /** The location's own lineage. */
  lineage: string
  label: string
}

export interface After {
  decisions: readonly Decision[]
  /** Of pipelines that are merged: what is written. */
  combined: readonly Combined[]
  identities: Pick<Identities, 'names' | 'texts'>
  /** Pipelines that go: `location/id`. */
  leaving: ReadonlySet<string>
}

/**
 * Which of these stages there are in their locations when the push is done, by `location/lineage`: in pipelines that it
 * makes, changes or leaves alone.
 */
export async function findStagesAfter(
  db: Db,
  { decisions, combined, identities, leaving }: After,
  wanted: readonly { locationId: string; lineage: string }[],
): Promise<Map<string, StagePlace>> {
  const found = new Map<string, StagePlace>()
  if (wanted.length === 0) return found
  const asked = new Set(wanted.map(({ locationId, lineage }) => `${locationId}/${lineage}`))
  const add = (locationId: string, pipelineId: string, document: Json) => {
    for (const stage of stagesOf(document)) {
      const lineage = partOfMarker(stage.id) as string
      if (asked.has(`${locationId}/${lineage}`))
        found.set(`${locationId}/${lineage}`, { pipelineId, lineage, label: labelOf(stage) ?? lineage })
    }
  }
  const written = combined.filter((item) => item.fault === null)
  for (const { decision, after } of written) add(decision.locationId, decision.id as string, after)
  const isWritten = new Set(written.map(({ decision }) => `${decision.locationId}/${decision.id}`))
  for (const { locationId, id, text } of await readPipelines(db, wanted)) {
    if (!isWritten.has(`${locationId}/${id}`) && !leaving.has(`${locationId}/${id}`))
      add(locationId, id, JSON.parse(text) as Json)
  }
  const made = decisions.filter(
    ({ action, locationId }) => action === 'create' && wanted.some((one) => one.locationId === locationId),
  )
  const blobs = await getBlobs(
    db,
    made.flatMap(({ hash }) => (identities.texts.has(hash) ? [] : [hash])),
  )
  for (const { locationId, lineage, newId, hash } of made) {
    const pipeline = { kind: STAGED.kind, lineage }
    const stored = blobs.get(hash)?.text ?? 'null'
    const text = identities.texts.get(hash) ?? identities.names.incoming(locationId, pipeline, stored)
    add(locationId, newId as string, JSON.parse(text) as Json)
  }
  return found
}

/** Pipelines that hold one of these stages now. */
function readPipelines(
  db: Db,
  wanted: readonly { locationId: string; lineage: string }[],
): Promise<{ locationId: string; id: string; text: string }[]> {
  return query(
    db,
    sql<{ locationId: string; id: string; text: string }>`
      select distinct a.location_id as "locationId", a.id, b.doc::text as text
      from unnest(${texts(wanted.map((w) => w.locationId))}, ${texts(wanted.map((w) => w.lineage))})
        w(location_id, lineage)
      join asset a on a.location_id = w.location_id and a.kind = ${STAGED.kind}
      join blob b on b.hash = a.hash and w.lineage = any(b.parts)`,
  )
}

/** Asks which stages these locations have, by their ids. */
export async function readStages(
  db: Db,
  locationIds: readonly string[],
): Promise<(locationId: string, pipelineId: string, stageId: string) => boolean> {
  const rows = await query(
    db,
    sql<{ locationId: string; id: string; parts: string[] }>`
      select a.location_id as "locationId", a.id, b.parts from asset a join blob b on b.hash = a.hash
      where a.kind = ${STAGED.kind} and a.location_id = any(${texts([...new Set(locationIds)])})`,
  )
  const stages = new Set(
    rows.flatMap(({ locationId, id, parts }) =>
      parts.map((part) => `${locationId}/${id}/${toPartId(part, locationId)}`),
    ),
  )
  return (locationId, pipelineId, stageId) => stages.has(`${locationId}/${pipelineId}/${stageId}`)
}
