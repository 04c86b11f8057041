import { type Property, readText, type Texts, type ValueFault } from '../../objects/index.ts'
import { refused, valuesRefused } from './refusals.ts'
import type { Shelf } from './shelf.ts'

/** The properties of an input: names in any case, values as they come. */
export type Given = Record<string, unknown>

/** The values that an input gives, in their one spelling, or all that is wrong with them. */
export function readGiven({ map, type, resource }: Shelf, given: Given): { texts: Texts; faults: ValueFault[] } {
  const faults: ValueFault[] = []
  const texts = Object.entries(given).flatMap(([name, value]): [Property, string | null][] => {
    const property = map.find(name)
    if (property === null) {
      const shown = name.slice(0, 200)
      faults.push({ message: `Property "${shown}" does not exist`, error: 'PROPERTY_DOESNT_EXIST', name: shown })
      return []
    }
    const read = readText(property, value, map.owners, roomFor(resource, property))
    if ('text' in read) return [[property, read.text]]
    faults.push(read.fault)
    return []
  })
  const cannotBeEmptied = texts.find(([property, text]) => text === null && isNeeded(type.kind, property))
  if (cannotBeEmptied !== undefined) {
    const { name } = cannotBeEmptied[0]
    faults.push({ message: `Property "${name}" cannot be empty`, error: 'REQUIRED_FIELD_MISSING', name })
  }
  return { texts, faults }
}

/** What fits into the field of ours that keeps it; undefined: as much as into any. */
function roomFor({ schema }: Shelf['resource'], { name, place }: Property): number | undefined {
  const field =
    place.in === 'document' && place.path.length === 1 && place.form === 'text'
      ? place.path[0]
      : place.in === 'twin' && name === 'phone'
        ? place.field
        : ''
  return (schema.properties as Record<string, { maxLength?: number }>)[field]?.maxLength
}

/** What a record of ours cannot be without: emptying it means nothing. */
const isNeeded = (kind: string, { place }: Property) =>
  place.in === 'document' && place.path.length === 1 && (NEEDED[kind] ?? []).includes(place.path[0])

const NEEDED: Readonly<Record<string, readonly string[]>> = {
  opportunities: ['pipelineId'],
}

/** The values of the only input of a call. 400 with all that is wrong with them. */
export function readOnly(shelf: Shelf, given: Given): Texts {
  const { texts, faults } = readGiven(shelf, given)
  if (faults.length > 0) throw valuesRefused(faults, shelf.portal.portalId)
  return texts
}

/** Properties by which records are found and told apart. 400 for one that several records may share. */
export function uniqueProperty({ map }: Shelf, name: string): Property {
  const property = map.find(name)
  if (property === null) throw refused(`Property "${name.slice(0, 200)}" does not exist`)
  if (!property.unique) throw refused(`Property "${property.name}" is not unique and cannot be used as an id`)
  return property
}
