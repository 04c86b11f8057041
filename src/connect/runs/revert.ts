import { nameAnother } from '../../objects/index.ts'
import { RECORDS } from '../../resources/records/index.ts'
import { emailKey } from '../../store/natural-key.ts'
import {
  deltaOf,
  findByIdentity,
  hasId,
  listRecords,
  lockRows,
  names,
  type RecordDocument,
  type RecordResource,
  type RecordRow,
  removeRecords,
  updateRecords,
} from '../../store/records/index.ts'
import type { Delta, Left, Place, Revert, Reverted } from './writer.ts'

const SINCE = 'It was changed since'
/** Lists of which each element stands for itself: what others added stays, and so does what they took away. */
const SETS = ['tags', 'additionalEmails', 'additionalPhones', 'followers']

/** The document as it was before, but for what somebody has changed since: that is left alone, and told. Pure. */
export function revertDocument(current: RecordDocument, delta: Delta): { document: RecordDocument; left: Left[] } {
  const document = { ...current }
  const left: Left[] = []
  for (const [name, [before, after]] of Object.entries(delta)) {
    if (SETS.includes(name)) document[name] = revertSet(current[name], before, after)
    else if (name === 'customFields') document[name] = revertValues(current[name], before, after, left)
    else if (isSame(current[name], after)) document[name] = before
    else left.push({ to: name, because: SINCE })
  }
  return { document, left }
}

const isSame = (a: unknown, b: unknown) => Object.keys(deltaOf({ value: a ?? null }, { value: b ?? null })).length === 0
const listOf = (value: unknown) => (Array.isArray(value) ? (value as unknown[]) : [])

function revertSet(current: unknown, before: unknown, after: unknown): unknown[] {
  const [old, fresh] = [listOf(before), listOf(after)]
  const added = fresh.filter((one) => !old.includes(one))
  const removed = old.filter((one) => !fresh.includes(one))
  const kept = listOf(current).filter((one) => !added.includes(one))
  return [...kept, ...removed.filter((one) => !kept.includes(one))]
}

type Value = { id: string; value: unknown }

function revertValues(current: unknown, before: unknown, after: unknown, left: Left[]): Value[] {
  const by = (values: unknown) => new Map((listOf(values) as Value[]).map(({ id, value }) => [id, value]))
  const [now, old, fresh] = [by(current), by(before), by(after)]
  for (const id of new Set([...old.keys(), ...fresh.keys()])) {
    if (isSame(old.get(id), fresh.get(id))) continue
    if (!isSame(now.get(id), fresh.get(id))) left.push({ to: `customFields.${id}`, because: SINCE })
    else if (old.has(id)) now.set(id, old.get(id))
    else now.delete(id)
  }
  return [...now].map(([id, value]) => ({ id, value }))
}

/** Takes back what a run did to these records of a kind that stands among the records of locations. */
export async function revertRecords(place: Place, kind: string, reverts: readonly Revert[]): Promise<Reverted[]> {
  const resource = RECORDS.get(kind) as RecordResource
  const scope = { ...place, records: RECORDS }
  const ids = reverts.map(({ recordId }) => recordId)
  const rows = new Map((await lockRows(scope, resource, hasId(ids))).map((row) => [row.id, row]))
  const named = await namedBy(
    place,
    kind,
    reverts.flatMap(({ recordId, isCreated }) => (isCreated ? recordId : [])),
  )
  const taken = await takenBy(place, kind, reverts, rows)
  const next = new Map<string, RecordDocument>()
  const reverted = reverts.map((revert) => decideRevert(revert, rows.get(revert.recordId), { named, taken, next }))
  const gone = reverted.flatMap(({ recordId, isGone }) => (isGone ? recordId : []))
  if (gone.length > 0) await removeRecords(scope, resource, hasId(gone))
  const moved = [...next].filter(([id, { contactId }]) => isAnotherContact(rows.get(id), contactId))
  for (const [id, document] of moved) {
    const write = () => updateRecords(scope, resource, hasId([id]), () => document)
    await nameAnother(scope, { kind, ids: [id], namedId: String(document.contactId) }, write)
    next.delete(id)
  }
  if (next.size > 0)
    await updateRecords(scope, resource, hasId([...next.keys()]), (row) => next.get(row.id) ?? row.document)
  return reverted
}

const isAnotherContact = (row: RecordRow | undefined, contactId: unknown) =>
  typeof contactId === 'string' && row?.document.contactId !== contactId

interface Circumstances {
  /** Something hangs on them: what. */
  named: ReadonlyMap<string, readonly string[]>
  /** E-mails and phones that others have by now. */
  taken: ReadonlyMap<string, string>
  /** Documents as they are to be: it is added to. */
  next: Map<string, RecordDocument>
}

/** What becomes of a record when a run is taken back. */
export function decideRevert(
  { recordId, isCreated, delta }: Revert,
  row: Pick<RecordRow, 'document'> | undefined,
  around: Circumstances,
): Reverted {
  const kept = (left: Left[]): Reverted => ({ recordId, state: 'kept', isGone: false, delta: {}, left })
  if (row === undefined) return kept([{ to: '', because: 'It is not there any more' }])
  const present = row.document
  if (isCreated) {
    const since = Object.keys(deltaOf(afterOf(delta), present))
    if (since.length > 0) return kept(since.map((to) => ({ to, because: SINCE })))
    const hanging = around.named.get(recordId)
    if (hanging !== undefined)
      return kept([{ to: '', because: `Something else hangs on it by now: ${hanging.join(', ')}` }])
    return { recordId, state: 'reverted', isGone: true, delta: deltaOf(present, {}), left: [] }
  }
  const { document, left } = revertDocument(present, delta)
  for (const name of ['email', 'phone']) {
    const holder = around.taken.get(emailKey(String(document[name] ?? '')))
    if (holder === undefined || holder === recordId || isSame(document[name], present[name])) continue
    document[name] = present[name]
    left.push({ to: name, because: 'It is another contact’s by now' })
  }
  const back = deltaOf(present, withoutNulls(document))
  if (Object.keys(back).length === 0) return kept(left)
  around.next.set(recordId, document)
  return { recordId, state: 'reverted', isGone: false, delta: back, left }
}

const afterOf = (delta: Delta) =>
  withoutNulls(Object.fromEntries(Object.entries(delta).map(([name, [, to]]) => [name, to])))
export const withoutNulls = (document: RecordDocument): RecordDocument =>
  Object.fromEntries(Object.entries(document).filter(([, value]) => value !== null && value !== undefined))

/** By what others name these records: whoever hung something on them would lose it with them. */
export async function namedBy(
  { tx, locationId }: Place,
  kind: string,
  ids: readonly string[],
): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>()
  if (ids.length === 0) return found
  for (const resource of RECORDS.values())
    for (const [field, { to }] of Object.entries(resource.refs)) {
      if (!to.includes(kind)) continue
      const rows = await listRecords(tx, resource, locationId, { where: names(locationId, field, ids) })
      for (const { document } of rows)
        for (const id of [document[field]].flat().map(String)) {
          const by = found.get(id) ?? []
          if (!by.includes(resource.noun)) found.set(id, [...by, resource.noun])
        }
    }
  return found
}

/** E-mails and phones that would come back, and who has them now. */
async function takenBy(
  { tx, locationId }: Place,
  kind: string,
  reverts: readonly Revert[],
  rows: ReadonlyMap<string, RecordRow>,
): Promise<Map<string, string>> {
  const olds = (name: string) =>
    reverts.flatMap(({ delta, isCreated }) =>
      isCreated || typeof delta[name]?.[0] !== 'string' ? [] : [delta[name][0]],
    )
  const [emails, phones] = [olds('email').map((one) => emailKey(one as string)), olds('phone') as string[]]
  if (kind !== 'contacts' || emails.length + phones.length === 0) return new Map()
  const most = 20 * rows.size
  const found = await findByIdentity(tx, locationId, { emails, phones, email: undefined, phone: undefined, most })
  return new Map(
    found.flatMap(({ id, document }) =>
      [document.email, document.phone, document.additionalEmails, document.additionalPhones]
        .flat()
        .filter((own) => typeof own === 'string')
        .map((own) => [emailKey(own), id] as const),
    ),
  )
}
