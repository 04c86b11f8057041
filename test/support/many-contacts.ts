import type { Db } from '../../src/db/pool.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import { RECORDS } from '../../src/resources/records/index.ts'
import { createRecords, type NewRecord, type RecordResource } from '../../src/store/records/index.ts'
import type { PlainContact } from './contact-search.ts'

const APART_MS = 90_000
const contacts = RECORDS.get('contacts') as RecordResource

/** The same numbers on every run. */
export function randomFrom(seed: number) {
  let state = seed
  const below = (limit: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
  return { below, one: <T>(values: readonly T[]): T => values[below(values.length)] as T }
}

const FIRST = ['Ann', 'ben', 'Cora', 'Dov', 'Eve', 'Finn', undefined]
const LAST = ["O'Neill", 'Smith', 'smith', 'Jones', 'De la Cruz', undefined]
const CITIES = ['Hudson', 'Bristol', 'berlin', '100% sure', 'a_b', undefined]
const TAGS = ['vip', 'new', 'cold lead', 'fair 2026', "it's"]

function documentOf(index: number, { below, one }: ReturnType<typeof randomFrom>) {
  const [firstName, lastName] = [one(FIRST), one(LAST)]
  const customFields = [
    { id: 'budget', value: one([below(1000), String(below(1000)), 'plenty', undefined]) },
    { id: 'likes', value: one([['red', 'blue'], ['Red'], undefined]) },
  ].filter(({ value }) => value !== undefined)
  const fields = {
    firstName,
    lastName,
    email: below(10) === 0 ? undefined : `${firstName ?? 'x'}.${index}@${one(['post', 'Mail'])}.example`,
    phone: below(3) === 0 ? `+1202555${String(index).padStart(4, '0')}` : undefined,
    companyName: one(['Acme Ltd', 'Deo & Sons', undefined]),
    city: one(CITIES),
    type: one(['lead', 'customer']),
    source: one(['fair', 'Search', undefined]),
    dateOfBirth: below(2) === 0 ? `${1950 + below(50)}-0${1 + below(9)}-1${below(9)}T00:00:00.000Z` : undefined,
    assignedTo: one(['userOne', 'userTwo', undefined]),
    tags: TAGS.filter(() => below(4) === 0),
    followers: below(5) === 0 ? ['userOne'] : [],
    dnd: below(4) === 0,
  }
  return { ...fields, customFields }
}

/** So many different contacts, created one after the other from `startMs` on. */
export async function insertContacts(
  db: Db,
  { locationId, size, startMs }: { locationId: string; size: number; startMs: number },
): Promise<PlainContact[]> {
  const random = randomFrom(size)
  const records = Array.from(
    { length: size },
    (_, index): NewRecord => ({
      document: documentOf(index, random),
      createdAtMs: startMs + random.below(size) * APART_MS,
    }),
  )
  const author = { actor: 'test', cause: null, atMs: startMs }
  const rows = await inTransaction(db, (tx) => createRecords({ tx, locationId, author }, contacts, records))
  return rows.map(({ id, createdAt, document: { customFields, ...fields } }) => ({
    id,
    createdMs: createdAt.getTime(),
    fields,
    customFields: Object.fromEntries(
      (customFields as { id: string; value: unknown }[]).map(({ id, value }) => [id, value]),
    ),
  }))
}
