import { sql } from 'kysely'
import { type Db, query, texts } from '../db/pool.ts'
import { type AssetResource, type Blob, getBlobs } from '../store/assets/index.ts'
import { type Going, namesOf, type Told } from './going.ts'
import { assetOf } from './identity.ts'
import type { Written } from './missing.ts'

/** An asset of a location that is to have another natural key than it has. */
export type Rekeyed = Pick<Going, 'locationId' | 'kind' | 'lineage' | 'name' | 'id'> & { key: string | null }

export interface Keys {
  going: readonly Going[]
  rekeyed: readonly Rekeyed[]
  /** Keys that assets come to have, `location/kind/key`. */
  coming: ReadonlySet<string>
  written: readonly Written[]
  /** Documents that are stored nowhere yet. */
  fresh: ReadonlyMap<string, Blob>
  resources: ReadonlyMap<string, AssetResource>
}

interface Lost extends Rekeyed {
  why: string
  /** What stands between the braces, as the location writes it now. */
  word: string
}

/**
 * Texts name custom values and fields by their keys. A key is the same everywhere, so such a text needs no translation;
 * but it reads as nothing once no asset of its location bears the key.
 */
export async function tellMergeTags(db: Db, keys: Keys): Promise<Told[]> {
  const lost = await findLost(db, keys)
  if (lost.length === 0) return []
  const places = new Set(lost.map(({ locationId }) => locationId))
  const written = keys.written.filter(({ locationId }) => places.has(locationId))
  const unsettled = new Set(
    [...keys.going.filter(({ part }) => part === null), ...written.filter(isThere)].map(assetOf),
  )
  const rows = await query(
    db,
    sql<{ index: number; locationId: string; kind: string; id: string; name: string }>`
      with lost as materialized (
        select * from unnest(${texts(lost.map((one) => one.locationId))}, ${texts(lost.map(({ word }) => word))},
          ${texts(lost.map(({ word }) => patternOf(word)))}) with ordinality l(location_id, word, pattern, index)
      ), held as materialized (
        select distinct hash from asset where location_id in (select location_id from lost)
      ), naming as materialized (
        select b.hash, w.word from held h join blob b on b.hash = h.hash
        join (select distinct word, pattern from lost) w
          on position(w.word in lower(b.doc::text)) > 0 and lower(b.doc::text) ~ w.pattern
      )
      select (l.index - 1)::int as index, a.location_id as "locationId", a.kind, a.id, a.name
      from lost l join naming n on n.word = l.word
      join asset a on a.location_id = l.location_id and a.hash = n.hash
      order by 1, 3, 5, 4`,
  )
  const staying = rows.filter((row) => !unsettled.has(assetOf(row)))
  const naming = [...staying, ...(await findWritten(db, lost, written, keys.fresh))]
  return [...Map.groupBy(naming, ({ index }) => index)].map(([index, users]) => {
    const { locationId, kind, lineage, name, why, word } = lost[index] as Lost
    const read = `{{ ${word} }} in ${namesOf(users)} would read as nothing`
    return { locationId, warning: { kind, lineage, name, why: `${why}, and ${read}` } }
  })
}

const isThere = (written: Written): written is Written & { id: string } => written.id !== null

/** What bears a key now that nothing of its location bears afterwards. */
async function findLost(db: Db, { going, rekeyed, coming, resources }: Keys): Promise<Lost[]> {
  const leaving = [
    ...going.filter(({ part }) => part === null).map((one) => ({ ...one, key: null, why: `${one.what} goes` })),
    ...rekeyed.map((one) => ({ ...one, why: `its merge tag becomes {{ ${wordOf(one.key ?? '')} }}` })),
  ].filter(({ kind }) => resources.get(kind)?.isMergeTag)
  if (leaving.length === 0) return []
  const rows = await query(
    db,
    sql<{ index: number; key: string }>`
      select (g.index - 1)::int as index, a.key
      from unnest(${texts(leaving.map((one) => one.locationId))}, ${texts(leaving.map(({ kind }) => kind))},
        ${texts(leaving.map(({ id }) => id))}) with ordinality g(location_id, kind, id, index)
      join asset a on a.location_id = g.location_id and a.kind = g.kind and a.id = g.id where a.key is not null`,
  )
  return rows.flatMap(({ index, key }) => {
    const one = leaving[index] as (typeof leaving)[number]
    const { locationId, kind } = one
    return key === one.key || coming.has(`${locationId}/${kind}/${key}`) ? [] : [{ ...one, word: wordOf(key) }]
  })
}

/** Documents that arrive and name what is lost. */
async function findWritten(
  db: Db,
  lost: readonly Lost[],
  written: readonly Written[],
  fresh: ReadonlyMap<string, Blob>,
): Promise<{ index: number; kind: string; name: string }[]> {
  const stored = await getBlobs(
    db,
    written.map(({ hash }) => hash).filter((hash) => !fresh.has(hash)),
  )
  const lower = new Map<string, string>()
  const textOf = (hash: string) => {
    const text = lower.get(hash) ?? (fresh.get(hash) ?? stored.get(hash))?.text.toLowerCase() ?? ''
    lower.set(hash, text)
    return text
  }
  const here = Map.groupBy(written, ({ locationId }) => locationId)
  return lost.flatMap(({ locationId, word }, index) => {
    const pattern = new RegExp(patternOf(word), 'u')
    return (here.get(locationId) ?? [])
      .filter(({ hash }) => textOf(hash).includes(word) && pattern.test(textOf(hash)))
      .map(({ kind, name }) => ({ index, kind, name }))
  })
}

/** `custom_values.phone` of `{{ custom_values.phone }}`. */
const wordOf = (key: string) => key.replace(/^\{\{\s*|\s*\}\}$/g, '')

/** Within braces, and no part of a longer key. The same to PostgreSQL and to us. */
const patternOf = (word: string) =>
  `\\{\\{[^{}]*(?<![a-z0-9_.])${word.replace(/[^\p{L}\p{N}_]/gu, '\\$&')}(?![a-z0-9_])[^{}]*\\}\\}`
