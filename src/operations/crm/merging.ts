import type { RecordDocument, RecordRow } from '../../store/records/index.ts'
import type { Shelf } from './shelf.ts'

const MERGED = 'hs_merged_object_ids'

/** Lists whose elements belong to both, fields whose entries go by an id, and bags of values. */
const LISTS = ['tags', 'followers', 'additionalEmails', 'additionalPhones']
const ENTRIES = 'customFields'
const BAGS = ['properties', 'customProperties', 'wireProperties']
/** What says of a record what it is, and who wrote it: the primary one's stays. */
const OWN = ['createdBy', 'updatedBy', 'lastUpdatedBy', 'objectId', 'type', 'dnd', 'pinned']
/** Of some values both are kept: the other one's e-mail goes on to be the person's. */
const SEVERAL = { email: 'additionalEmails', phone: 'additionalPhones' } as const

/** Numbers of the objects that one took in. */
export function takenIn({ type }: Shelf, { document }: RecordRow): string[] {
  const text = (document[type.bag] as RecordDocument | undefined)?.[MERGED]
  return typeof text === 'string' ? text.split(';').filter((number) => number !== '') : []
}

/** What the primary object becomes: its own values, and the other's where it has none. */
export function merged(shelf: Shelf, primary: RecordRow, other: RecordRow): RecordDocument {
  const next: RecordDocument = { ...other.document, ...primary.document }
  for (const name of OWN) next[name] = primary.document[name]
  const lists = shelf.type.kind === 'contacts' ? LISTS : LISTS.filter((name) => name === 'followers')
  for (const name of lists) {
    const both = [primary, other].flatMap(({ document }) => (document[name] ?? []) as unknown[])
    if (both.length > 0) next[name] = [...new Set(both)]
  }
  for (const bag of BAGS) {
    const both = { ...(other.document[bag] as object), ...(primary.document[bag] as object) }
    if (Object.keys(both).length > 0) next[bag] = both
  }
  const values = [other, primary].flatMap(({ document }) => (document[ENTRIES] ?? []) as { id: string }[])
  if (next[ENTRIES] !== undefined) next[ENTRIES] = [...new Map(values.map((value) => [value.id, value])).values()]
  if (shelf.type.kind === 'contacts') keepSeveral(next, other.document)
  const numbers = [...takenIn(shelf, primary), ...takenIn(shelf, other), String(other.objectId)]
  next[shelf.type.bag] = { ...(next[shelf.type.bag] as object), [MERGED]: [...new Set(numbers)].join(';') }
  return next
}

function keepSeveral(next: RecordDocument, other: RecordDocument): void {
  for (const [field, list] of Object.entries(SEVERAL)) {
    const value = other[field]
    const rest = ((next[list] ?? []) as unknown[]).filter((one) => one !== next[field])
    const all = value === undefined || value === next[field] ? rest : [...rest, value]
    if (all.length > 0) next[list] = [...new Set(all)].slice(0, 50)
    else delete next[list]
  }
}
