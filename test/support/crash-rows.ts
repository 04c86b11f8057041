import type pg from 'pg'

/** Pushes in the order they were started: their ids are drawn, so the two databases name them differently. */
const NUMBERED = `numbered as (select id, row_number() over (order by created_at) || ' of version ' || version as name from push)`
const nameOf = (id: string) => `(select n.name from numbered n where n.id = ${id})`

/** Everything a push leaves behind, as lines of text: without moments and drawn ids, which no two runs share. */
const LINES: Record<string, string> = {
  asset: `select location_id as place,
      row(kind, id, lineage, name, key, unique_key, hash, base_hash, part_aliases, local,
      ${nameOf('source_push')})::text as line from asset`,
  asset_alias: `select location_id as place,
      row(kind, lineage, id, hash, base_hash, part_aliases, ${nameOf('source_push')})::text as line from asset_alias`,
  asset_tombstone: `select location_id as place,
      row(kind, lineage, id, name, base_hash, own_lineage, local, part_aliases, ${nameOf('source_push')})::text as line
      from asset_tombstone`,
  blob: `select '' as place, row(hash, doc, refs, parts)::text as line from blob`,
  location_applied: `select location_id as place, row(snapshot_id, version, ${nameOf('push_id')})::text as line
      from location_applied`,
  push: `select '' as place, row(${nameOf('push.id')}, snapshot_id, ${nameOf('reverts')}, options, kinds, state, actor,
      started_at is null, finished_at is null)::text as line from push`,
  push_piece: `select '' as place, row(${nameOf('push_id')}, batch, step, totals)::text as line from push_piece`,
  push_target: `select location_id as place,
      row(${nameOf('push_id')}, id = derive_id(location_id, 'push', push_id), batch, from_version, state, completed,
      failed, totals, error,
    started_at is null, finished_at is null)::text as line from push_target`,
  push_outcome: `select location_id as place,
      row(${nameOf('push_id')}, kind, lineage, id, name, outcome, reason, detail)::text as line from push_outcome`,
  change: `select location_id as place,
      row(kind, entity_id, op, regexp_replace((delta - 'createdAt' - 'updatedAt' - 'sourcePush')::text,
      '"(deleted_at|created_at|source_push|push)": "[^"]*"', '', 'g'),
    ${nameOf("(delta->>'sourcePush')")}, ${nameOf("(delta->'alias'->>'source_push')")},
      ${nameOf("(delta->'left'->>'push')")}, before_hash, after_hash,
    ${nameOf('cause')})::text as line from change`,
}

export interface Comparison {
  /** Rows of each table. */
  rows: Record<string, number>
  /** Empty when the two databases say the same; else lines of the first places that differ, `-` expected, `+` found. */
  differences: string[]
}

const PLACES_SHOWN = 3
const LINES_SHOWN = 10

/** Compares two databases as multisets of lines, place by place. */
export async function compareDatabases(expected: pg.Pool, found: pg.Pool): Promise<Comparison> {
  const comparison: Comparison = { rows: {}, differences: [] }
  for (const [table, lines] of Object.entries(LINES)) {
    const [before, after] = await Promise.all([expected, found].map((pool) => digest(pool, lines)))
    const places = new Set([...(before as Digests).keys(), ...(after as Digests).keys()])
    comparison.rows[table] = [...(before as Digests).values()].reduce((sum, { count }) => sum + count, 0)
    const differing = [...places].filter((place) => before?.get(place)?.hash !== after?.get(place)?.hash)
    for (const place of differing.slice(0, PLACES_SHOWN)) {
      const [wanted, there] = (await Promise.all([expected, found].map((pool) => linesOf(pool, lines, place)))) as [
        string[],
        string[],
      ]
      const shown = [
        ...without(wanted, there).map((line) => `- ${line}`),
        ...without(there, wanted).map((line) => `+ ${line}`),
      ]
      comparison.differences.push(
        `${table} ${place} (one of ${differing.length} places):`,
        ...shown.slice(0, LINES_SHOWN),
      )
    }
  }
  return comparison
}

type Digests = Map<string, { count: number; hash: string }>

async function digest(pool: pg.Pool, lines: string): Promise<Digests> {
  const { rows } = await pool.query(
    `with ${NUMBERED} select place, count(*)::int as count,
        md5(string_agg(line, E'\\n' order by line collate "C")) as hash from (${lines}) l group by place`,
  )
  return new Map(rows.map(({ place, ...rest }) => [place, rest]))
}

async function linesOf(pool: pg.Pool, lines: string, place: string): Promise<string[]> {
  const { rows } = await pool.query(
    `with ${NUMBERED} select line from (${lines}) l where place = $1 order by line collate "C"`,
    [place],
  )
  return rows.map((row) => row.line)
}

/** What the first multiset has more of than the second. */
function without(lines: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>()
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1)
  return lines.filter((line) => {
    const count = left.get(line) ?? 0
    left.set(line, count - 1)
    return count <= 0
  })
}
