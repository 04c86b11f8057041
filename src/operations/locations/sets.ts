import { Type } from 'typebox'
import {
  createLocation,
  type DatedLocation,
  deleteLocation,
  findLetInto,
  findLocations,
  updateLocation,
} from '../../auth/locations.ts'
import {
  changesOf,
  decideRevert,
  findConnected,
  type Left,
  type MappedItem,
  namedBy,
  type Writing as OfRun,
  type Revert,
  type Reverted,
  type Reverting,
  type Written,
  withoutNulls,
} from '../../connect/index.ts'
import { AppError, invalid } from '../../errors.ts'
import { newId } from '../../ids.ts'
import { findWritten } from '../../store/changes/index.ts'
import { naturalKey } from '../../store/natural-key.ts'
import { deltaOf, lockIdentity, type RecordDocument, type RecordRow } from '../../store/records/index.ts'
import { misfitsOf } from '../../store/validate.ts'
import { Name } from '../schemas.ts'
import { checkTimezone, details } from './wire.ts'

/*
 * Sub-accounts of a connection of the agency, by the rules of `POST /locations` with a `location_id`: what the item does
 * not name stays. An agency has hundreds of them, so each is written for itself.
 */

/** As records are, so that a dry run can imagine them. */
const toRow = ({ id, portalId, name, timezone, doc, createdAt, updatedAt }: DatedLocation): RecordRow => ({
  id,
  objectId: portalId,
  document: { ...doc, name, timezone },
  createdAt,
  updatedAt,
  deletedAt: null,
})

const textOf = (value: unknown) => (typeof value === 'string' ? value.trim() : '')
const nameKey = (name: unknown) => `name ${naturalKey(textOf(name))}`
const keysOf = ({ document }: RecordRow) => [`id ${document.externalId}`, nameKey(document.name)]

/** What no two items of one statement share. */
export const ownOfLocation = ({ values }: MappedItem): string[] =>
  textOf(values.name) === '' ? [] : [nameKey(values.name)]

export async function writeLocations(run: OfRun, items: readonly MappedItem[]): Promise<Written[]> {
  const { tx, agencyId, dry } = run
  const externalIds = items.flatMap(({ externalId }) => externalId ?? [])
  if (dry === null)
    await lockIdentity(tx, agencyId, {
      additionalEmails: [...externalIds.map((id) => `location/${id}`), ...items.flatMap(ownOfLocation)],
    })
  const rows = await rowsOf(run, items, externalIds)
  const written: Written[] = []
  for (const item of items) {
    const before = findRow(run, item, rows)
    const planned = plan(run, item, before)
    if ('outcome' in planned) {
      written.push(planned)
      continue
    }
    const { document, left } = planned
    const delta = deltaOf(before?.document ?? {}, document)
    const isSame = before !== undefined && Object.keys(delta).length === 0
    const row = isSame ? before : await write(run, before, document)
    rows.set(row.id, row)
    const outcome = isSame ? 'unchanged' : before === undefined ? 'created' : 'updated'
    written.push({ outcome, recordId: row.id, delta, left })
  }
  return written
}

/** In a dry run it is imagined. */
async function write(
  { tx, agencyId, author: { atMs }, dry }: OfRun,
  before: RecordRow | undefined,
  document: RecordDocument,
): Promise<RecordRow> {
  const updatedAt = new Date(atMs)
  if (dry !== null) {
    const fresh = { id: newId(), objectId: 0, createdAt: updatedAt, deletedAt: null }
    const row = { ...(before ?? fresh), document, updatedAt }
    dry.put(row, keysOf(row))
    return row
  }
  const changes = toChanges(document)
  const row =
    before === undefined
      ? await createLocation(tx, { agencyId, ...changes }, atMs)
      : await updateLocation(tx, before, changes, atMs)
  return toRow({ ...row, updatedAt })
}

const toChanges = ({ name, timezone, ...doc }: RecordDocument) => ({
  name: String(name),
  timezone: String(timezone),
  doc,
})

/** Whichever the items may be, by their ids: the oldest first. */
async function rowsOf(
  { tx, agencyId, mapping, dry }: OfRun,
  items: readonly MappedItem[],
  externalIds: readonly string[],
): Promise<Map<string, RecordRow>> {
  const names = mapping.keys.includes('name') ? items.map(({ values }) => textOf(values.name)).filter(Boolean) : []
  const ids = items.flatMap(({ link }) => link?.recordId ?? [])
  const found = (await findLocations(tx, agencyId, { ids, externalIds, names }, { hold: dry === null })).map(toRow)
  if (dry === null) return new Map(found.map((row) => [row.id, row]))
  const keys = [...externalIds.map((id) => `id ${id}`), ...names.map(nameKey)]
  const imagined = [...dry.having(keys), ...ids.flatMap((id) => dry.get(id) ?? [])]
  return new Map([...found.map((row) => dry.seen(row)), ...imagined].map((row) => [row.id, row]))
}

/** In the order of the keys. */
function findRow(
  { mapping }: OfRun,
  { externalId, link, values }: MappedItem,
  rows: ReadonlyMap<string, RecordRow>,
): RecordRow | undefined {
  const all = [...rows.values()]
  const byId = () =>
    rows.get(link?.recordId ?? '') ??
    (externalId === null ? undefined : all.find(({ document }) => document.externalId === externalId)) ??
    rows.get(externalId ?? '')
  const byName = () =>
    textOf(values.name) === '' ? undefined : all.find(({ document }) => nameKey(document.name) === nameKey(values.name))
  for (const key of mapping.keys) {
    const found = key === 'externalId' ? byId() : key === 'name' ? byName() : undefined
    if (found !== undefined) return found
  }
  return undefined
}

const Details = Type.Object({ name: Name(), ...details })

/** What the location is to be, or why it cannot. */
function plan(
  { mapping }: OfRun,
  { externalId, link, values, changedAt }: MappedItem,
  before: RecordRow | undefined,
): { document: RecordDocument; left: Left[] } | Extract<Written, { outcome: 'failed' }> {
  const known = link?.recordId === before?.id ? link : null
  const { write, left } = changesOf(mapping, {
    ours: before?.document ?? null,
    incoming: values,
    lastSynced: known?.synced.values ?? null,
    ...(before === undefined ? {} : { oursChangedAt: before.updatedAt.toISOString() }),
    ...(changedAt === undefined ? {} : { incomingChangedAt: changedAt }),
  })
  const isNamed = externalId === null || before?.id === externalId || before?.document.externalId !== undefined
  const document = withoutNulls({ ...before?.document, ...write, ...(isNamed ? {} : { externalId }) })
  try {
    document.timezone = checkTimezone(document.timezone as string | undefined)
    const faults = misfitsOf(Details, { name: document.name, ...withoutNulls(write) })
    if (faults.length > 0) throw invalid(faults)
    return { document, left }
  } catch (error) {
    if (!(error instanceof AppError) || error.status >= 500) throw error
    const faults = error.faults ?? [error.message]
    return { outcome: 'failed', problems: faults.map((message) => ({ at: message.split(/[: ]/)[0] ?? '', message })) }
  }
}

/**
 * Takes back what a run did to them. One that it made goes only while nobody has worked in it: whoever was let in, and
 * whatever stands in it, would go along.
 */
export async function revertLocations(place: Reverting, reverts: readonly Revert[]): Promise<Reverted[]> {
  const { tx, agencyId, author } = place
  const ids = reverts.map(({ recordId }) => recordId)
  const found = await findLocations(tx, agencyId, { ids, externalIds: [], names: [] }, { hold: true })
  const rows = new Map(found.map((row) => [row.id, toRow(row)]))
  const named = await inUse(
    place,
    reverts.flatMap(({ recordId, isCreated }) => (isCreated ? recordId : [])),
  )
  const next = new Map<string, RecordDocument>()
  const around = { named, taken: new Map<string, string>(), next }
  const reverted = reverts.map((revert) => decideRevert(revert, rows.get(revert.recordId), around))
  for (const { recordId: id, isGone } of reverted) if (isGone) await deleteLocation(tx, { id }, author.atMs)
  for (const [id, document] of next) await updateLocation(tx, { id }, toChanges(withoutNulls(document)), author.atMs)
  return reverted
}

/** Those in which something was written, somebody was let in, something comes, or of which somebody is told: by what. */
async function inUse(place: Reverting, ids: readonly string[]): Promise<Map<string, string[]>> {
  const { tx, agencyId } = place
  const written = await findWritten(tx, ids)
  const letInto = await findLetInto(tx, ids)
  const connected = await findConnected(tx, ids)
  const named = await namedBy({ ...place, locationId: agencyId }, 'locations', ids)
  return new Map(
    ids.flatMap((id) => {
      const by = [
        ...(written.has(id) ? ['what was written in it'] : []),
        ...(letInto.has(id) ? ['somebody who was let in'] : []),
        ...(connected.has(id) ? ['a connection or a webhook'] : []),
        ...(named.get(id) ?? []),
      ]
      return by.length === 0 ? [] : [[id, by] as const]
    }),
  )
}
