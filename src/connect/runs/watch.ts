import { sql } from 'kysely'
import { json, queryOne, type Tx } from '../../db/pool.ts'
import { canonicalJson } from '../../store/hash.ts'
import type { Connection } from '../connections/connection.ts'
import type { Mapping, Outcome } from '../mapping/document.ts'
import { columnsAsFields, type KnownField, type LostField, lostFields, watchItems } from '../mapping/lost-fields.ts'
import { CUSTOM_PREFIX } from '../mapping/targets.ts'
import { stopConnection } from './health.ts'

type Place = Pick<Connection, 'locationId' | 'id'>

interface Known {
  /** Of what no filter skips. */
  fields: KnownField[]
  /** Of all that came: what the filters read. */
  ofAll: KnownField[]
  /** Types of our custom fields that are written, by what mappings call them. */
  ours: Record<string, string>
  /** Something else came than this: whoever lets the connection work again lets it learn anew. */
  isOther: boolean
}

const NOTHING: Known = { fields: [], ofAll: [], ours: {}, isOther: false }

async function readKnown(tx: Tx, { locationId, id }: Place): Promise<Known> {
  const row = await queryOne(
    tx,
    sql<{
      known: Partial<Known> | null
    }>`select known from connection where location_id = ${locationId} and id = ${id}`,
  )
  return { ...NOTHING, ...row?.known }
}

/** What is known already is not written: the row of a connection is everybody's who works on it. */
async function keepKnown(tx: Tx, { locationId, id }: Place, known: Known, before: Known): Promise<void> {
  if (canonicalJson(known) === canonicalJson(before)) return
  await sql`update connection set known = ${json(known)} where location_id = ${locationId} and id = ${id}`.execute(tx)
}

/** What comes, or where it goes, is not what the mapping was made for: nothing of it is to be written. */
export class FieldsLost extends Error {}

const MOST_TOLD = 10

const firstOf = (told: readonly string[]) =>
  [...told.slice(0, MOST_TOLD), ...(told.length > MOST_TOLD ? [`and ${told.length - MOST_TOLD} more`] : [])].join('; ')

function wordsOf(lost: readonly LostField[]): string {
  const told = lost.map(({ path, at, was, now }) => {
    const what = now === null ? 'is gone' : `was ${was.join(' or ')} and is ${now.join(' or ')} now`
    return `“${path}” ${what} (used for ${at.join(', ')})`
  })
  return (
    `What comes has changed: ${firstOf(told)}. Nothing of it was written. Change the mapping to what comes now, ` +
    'and deploy it. If it is meant to be so, deploy or resume the connection as it is: what comes is taken from then on.'
  )
}

/** Throws `FieldsLost` where these items lack what the mapping reads and what was always there. Else learns from them. */
export async function watchRows(
  tx: Tx,
  place: Place,
  mapping: Mapping,
  rows: readonly { item: unknown; outcome: Outcome }[],
): Promise<void> {
  if (rows.length === 0) return
  const known = await readKnown(tx, place)
  const own = rows.flatMap(({ item, outcome }) => (outcome.outcome === 'skipped' ? [] : [item]))
  const ofOwn = watchItems(mapping, known.fields, own)
  const all = rows.map(({ item }) => item)
  const ofAll = mapping.filters.length === 0 ? NONE : watchItems(filtersOf(mapping), known.ofAll, all)
  const lost = [...ofOwn.lost, ...ofAll.lost.filter(({ path }) => ofOwn.lost.every((one) => one.path !== path))]
  if (lost.length > 0) throw new FieldsLost(wordsOf(lost))
  await keepKnown(tx, place, { ...known, fields: ofOwn.known, ofAll: ofAll.known, isOther: false }, known)
}

/**
 * Throws `FieldsLost` where a custom field that the mapping writes, and that was there, is gone or of another type. Else
 * learns what they are. `typesOf`: of those that are there, by what the mapping calls them.
 */
export async function watchTargets(
  tx: Tx,
  place: Place,
  { fields }: Mapping,
  typesOf: (names: readonly string[]) => Promise<ReadonlyMap<string, string>>,
): Promise<void> {
  const names = fields.flatMap(({ to }) => (to.startsWith(CUSTOM_PREFIX) ? to.slice(CUSTOM_PREFIX.length) : []))
  if (names.length === 0) return
  const known = await readKnown(tx, place)
  const now = await typesOf(names)
  const lost = names.flatMap((name) => {
    const [was, is] = [Object.hasOwn(known.ours, name) ? known.ours[name] : undefined, now.get(name)]
    if (was === undefined || was === is) return []
    return `“${name}” ${is === undefined ? 'is gone' : `was ${was} and is ${is} now`}`
  })
  if (lost.length > 0) throw new FieldsLost(wordsOfOurs(lost))
  await keepKnown(tx, place, { ...known, ours: { ...known.ours, ...Object.fromEntries(now) } }, known)
}

function wordsOfOurs(lost: readonly string[]): string {
  return (
    `A custom field that is written has changed: ${firstOf(lost)}. Nothing of what waits was ` +
    'written. Make the field what it was, or change the mapping and deploy it. If it is meant to be so, deploy or resume ' +
    'the connection as it is: what a field does not take fails from then on.'
  )
}

const NONE = { lost: [], known: [] }

const filters = new WeakMap<Mapping, Mapping>()

/** A filter whose field is gone may skip all that comes, and nobody would miss anything. */
function filtersOf(mapping: Mapping): Mapping {
  const { changedAt: _c, lines: _l, ...rest } = mapping
  const own = filters.get(mapping) ?? { ...rest, fields: [], externalId: null }
  filters.set(mapping, own)
  return own
}

/** It waits, and somebody is told why. The connection is held. */
export async function stopForLost(
  tx: Tx,
  connection: Connection,
  why: string,
  { atMs, byMail }: { atMs: number; byMail: boolean },
): Promise<void> {
  const known = await readKnown(tx, connection)
  await keepKnown(tx, connection, { ...known, isOther: true }, known)
  await stopConnection(tx, connection, { state: 'paused', why }, { atMs, byMail })
}

/** Somebody has looked at it, and lets it work: what comes from now on is how it is meant to be. */
export async function learnAnew(tx: Tx, connection: Connection, version: number): Promise<void> {
  const known = await readKnown(tx, connection)
  if (known.isOther) await keepKnown(tx, connection, NOTHING, known)
  // Another mapping was made for our fields as they are by now.
  else if (version !== connection.liveVersion) await keepKnown(tx, connection, { ...known, ours: {} }, known)
}

/** Why a file is not what the mapping was made for, by the file before. Null: it is. */
export async function watchColumns(
  tx: Tx,
  connection: Connection,
  mapping: Mapping,
  { columns, isDry }: { columns: readonly string[]; isDry: boolean },
): Promise<string | null> {
  const known = await readKnown(tx, connection)
  const fields = columnsAsFields(columns)
  const lost = lostFields(mapping, known.fields, fields)
  if (lost.length > 0) {
    await keepKnown(tx, connection, { ...known, isOther: true }, known)
    return wordsOf(lost)
  }
  if (!isDry) await keepKnown(tx, connection, { ...NOTHING, ours: known.ours, fields }, known)
  return null
}
