import { sql } from 'kysely'
import { type Db, query, texts } from '../db/pool.ts'
import { type AssetResource, type Blob, getBlobs, unseenIn } from '../store/assets/index.ts'
import type { Json } from './diff.ts'
import type { Told } from './going.ts'
import type { Written } from './missing.ts'
import { addLabels, type PartNames, subjectOf } from './part-names.ts'

interface Writing {
  written: readonly Written[]
  /** Documents that are stored nowhere yet. */
  fresh: ReadonlyMap<string, Blob>
  resources: ReadonlyMap<string, AssetResource>
  parts: PartNames
}

type Local = Record<string, unknown>

/** What a location has set for itself in elements of documents that go, or come to say something else. */
export async function tellLostSettings(db: Db, { written, fresh, resources, parts }: Writing): Promise<Told[]> {
  const asked = written.filter(
    ({ kind, id, mine }) =>
      id !== null && mine !== null && Object.keys(resources.get(kind)?.local ?? {}).some((path) => path.includes('[]')),
  )
  if (asked.length === 0) return []
  const rows = await query(
    db,
    sql<{ index: number; local: Local }>`
      select (w.index - 1)::int as index, a.local
      from unnest(${texts(asked.map((one) => one.locationId))}, ${texts(asked.map(({ kind }) => kind))},
        ${texts(asked.map(({ id }) => id))}) with ordinality w(location_id, kind, id, index)
      join asset a on a.location_id = w.location_id and a.kind = w.kind and a.id = w.id
      where a.location_id = any(${texts([...new Set(asked.map((one) => one.locationId))])})
        and position('[' in a.local::text) > 0 order by 1`,
  )
  const holding = rows.map(({ index, local }) => ({ ...(asked[index] as Written), local }))
  const hashes = holding.flatMap(({ mine, hash }) => [mine as string, hash]).filter((hash) => !fresh.has(hash))
  const blobs = await getBlobs(db, hashes)
  const textOf = (hash: string) => (fresh.get(hash) ?? blobs.get(hash))?.text ?? 'null'
  return holding.flatMap(({ locationId, kind, lineage, name, mine, hash, local }) => {
    const before = textOf(mine as string)
    const set = Object.fromEntries(Object.entries(local).filter(([, value]) => !isEmpty(value)))
    const lost = new Set(unseenIn(textOf(hash), set)).difference(new Set(unseenIn(before, set)))
    if (lost.size === 0) return []
    addLabels(parts, JSON.parse(before) as Json, { kind, name })
    return [...Map.groupBy(lost, (path) => path.slice(0, path.lastIndexOf(']') + 1))].map(([element, paths]) => {
      const fields = paths.map((path) => path.slice(element.length).replace(/^\./, '')).sort()
      const why = `${placeOf(element, parts)}, with what the sub-account has set there: ${fields.join(', ')}`
      return { locationId, warning: { kind, lineage, name, why } }
    })
  })
}

const isEmpty = (value: unknown) => value === null || value === '' || (Array.isArray(value) && value.length === 0)

/** `steps[LINEAGE]`, `notifications[=HASH]`. */
function placeOf(element: string, parts: PartNames): string {
  const [, list = '', name = ''] = /([^.[\]]+)\[([^\]]+)\]$/.exec(element) ?? []
  return name.startsWith('=') ? `one of "${list}" goes, or says something else` : `${subjectOf(parts, name)} goes`
}
