import { sql } from 'kysely'
import type { Tx } from '../db/pool.ts'
import { putBlobs } from '../store/assets/index.ts'
import type { Combined } from './combine.ts'
import { type Decision, isMet } from './decide.ts'
import type { Json } from './diff.ts'
import { partAliasesOf, toCanonical } from './names.ts'
import type { Piece } from './piece.ts'
import type { Verdict } from './settle.ts'
import { writeSql } from './write.ts'

/** One statement for all merged documents of a piece. */
export async function writeMerges(tx: Tx, { scope, author }: Piece, verdicts: readonly Verdict[]): Promise<void> {
  const rows = verdicts.flatMap((verdict) => {
    const [decision, combined] = [verdict.decision, toWrite(verdict)]
    if (combined === null || leavesAll(decision, combined)) return []
    const parts = {
      ...decision.oldParts,
      ...decision.newParts,
      ...partAliasesOf(combined.matchedParts, decision.locationId),
    }
    return [{ decision, combined: asTold(decision, combined), parts: Object.keys(parts).length === 0 ? null : parts }]
  })
  if (rows.length === 0) return
  const blobs = new Map(rows.flatMap(({ combined }) => combined.blobs.map((blob) => [blob.hash, blob])))
  await putBlobs(tx, [...blobs.values()])
  const values = rows.map(({ decision: d, combined: c, parts }) => ({
    location_id: d.locationId,
    lineage: d.lineage,
    id: d.id,
    op: c.hash === d.mine || c.action === 'unchanged' ? 'adopt' : 'update',
    name: c.name,
    key: c.key,
    hash: c.hash,
    mine: d.mine,
    base: c.baseHash,
    by_alias: d.byAlias,
    drops: d.drops,
    parts,
    old_name: d.oldName,
    old_key: d.oldKey,
    old_base: d.base,
    old_push: d.oldPush,
    old_parts: d.oldParts,
    alias: d.alias,
    removed_id: d.removedId,
    keeps: c.action === 'skip' && !d.drops && !isMet(d),
  }))
  await sql`
    with write as materialized (
      select location_id, false as is_plain, lineage, id, lineage as own_lineage, op, name, key,
        decode(hash, 'hex') as hash, decode(mine, 'hex') as mine, decode(base, 'hex') as base,
        by_alias, drops, '{}'::jsonb as local, nullif(parts, 'null') as parts, old_name, old_key,
        decode(old_base, 'hex') as old_base, old_push, nullif(old_parts, 'null') as old_parts,
        alias, removed_id, keeps
      from jsonb_to_recordset(${JSON.stringify(values)}::jsonb) w(location_id text, lineage text, id text, op text,
        name text, key text, hash text, mine text, base text,
        by_alias boolean, drops boolean, parts jsonb, old_name text, old_key text, old_base text, old_push text,
        old_parts jsonb, alias jsonb, removed_id text, keeps boolean)
    ), ${writeSql(scope.resource, author)}
    select 1`.execute(tx)
}

/** What cannot be merged is left alone like what is skipped, and matched all the same: an answer holds. */
const toWrite = ({ decision, combined, isFault }: Verdict): Combined | null =>
  combined === null || !isFault ? combined : { ...combined, action: 'skip', baseHash: decision.base, blobs: [] }

/**
 * Whether there is nothing to write: the target's document stands, and what was pushed last reads as what comes in,
 * though it may name by other lineages what has been deleted since. An alias that gives way goes with the writing.
 */
function leavesAll(decision: Decision, combined: Combined): boolean {
  const { mine, base, newParts, drops } = decision
  if (combined.action === 'skip') return !drops && !isMet(decision) && combined.matchedParts.length === 0
  if (!drops && combined.hash === mine && combined.baseHash === base) return true
  const isNothingNew = !drops && newParts === null && combined.matchedParts.length === 0
  return combined.action === 'keep' && isNothingNew && isSame(combined.base, combined.wanted)
}

const isSame = (one: Json | null, other: Json) =>
  one !== null && toCanonical(JSON.stringify(one)).hash === toCanonical(JSON.stringify(other)).hash

/** What is kept stays letter by letter: the merge has read its references by what they lead to now. */
const asTold = (decision: Decision, combined: Combined): Combined =>
  combined.action === 'keep' || combined.action === 'skip'
    ? { ...combined, hash: decision.mine as string, name: decision.oldName as string, key: decision.oldKey }
    : combined
