import type { RecordDocument } from '../store/records/index.ts'
import type { Owners } from './owners.ts'
import type { Property } from './property.ts'
import { standardProperties } from './standard/index.ts'
import type { ObjectType } from './types.ts'
import { fieldsOf, type ReadRow, readFrom, readValue } from './values-out.ts'

/** The properties of a type in one location. Names are compared without case. */
export interface PropertyMap {
  type: ObjectType
  owners: Owners
  all: readonly Property[]
  find(name: string): Property | null
  has(name: string): boolean
  /** The values of these properties, of those that there are; null where a record has none. */
  read(row: ReadRow, names: readonly string[] | 'all'): Record<string, string | null>
  /** What a change of the log means: each property whose value is another now, with the old and the new value. */
  changed(delta: Record<string, unknown>): Record<string, [string | null, string | null]>
}

/** Standard properties come first: a field of the same name is hidden by them. */
export function createPropertyMap(type: ObjectType, made: readonly Property[], owners: Owners): PropertyMap {
  const byName = new Map<string, Property>()
  for (const property of [...standardProperties(type), ...made]) {
    const name = property.name.toLowerCase()
    if (!byName.has(name)) byName.set(name, property)
  }
  const all = [...byName.values()]
  const find = (name: string) => byName.get(name.toLowerCase()) ?? null
  return {
    type,
    owners,
    all,
    find,
    has: (name) => find(name) !== null,
    read(row, names) {
      const wanted = names === 'all' ? all : names.flatMap((name) => find(name) ?? [])
      return Object.fromEntries(wanted.map((property) => [property.name, readValue(property, row, owners)]))
    },
    changed(delta) {
      const [before, after] = sidesOf(delta)
      const touched = all.filter((property) => fieldsOf(property).some((field) => field in delta))
      const values = touched.map(
        (property) => [property.name, [readFrom(property, before, owners), readFrom(property, after, owners)]] as const,
      )
      return Object.fromEntries(values.filter(([, [old, now]]) => old !== now)) as never
    },
  }
}

/** What of a document was written, as it was and as it is. */
function sidesOf(delta: Record<string, unknown>): [RecordDocument, RecordDocument] {
  const side = (index: 0 | 1) =>
    Object.fromEntries(
      Object.entries(delta).flatMap(([field, pair]) => {
        const value = Array.isArray(pair) ? pair[index] : undefined
        return value === null || value === undefined ? [] : [[field, value]]
      }),
    )
  return [side(0), side(1)]
}
