import { relatedOf, type TieDocument } from '../../objects/index.ts'
import { associations } from '../../resources/associations.ts'
import { CUSTOM, objects } from '../../resources/objects.ts'
import { businesses } from '../../resources/records/businesses.ts'
import { objectAssociations } from '../../resources/records/object-associations.ts'
import { objectRecords } from '../../resources/records/object-records.ts'
import {
  type Change,
  type EventType,
  event,
  fields,
  isCreated,
  isDeleted,
  isUpdated,
  type Known,
} from './event-type.ts'

const textOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))
const properties = (values: object) =>
  Object.entries(values).map(([key, value]) => ({ key, valueString: textOf(value) }))

function objectRecord({ now, row }: Change): Record<string, unknown> {
  return {
    id: row.entityId,
    owners: now.owner ?? [],
    followers: now.followers ?? [],
    properties: properties((now.properties ?? {}) as object),
  }
}

const BUSINESS = 'name phone email website address city state postalCode country description'.split(' ')

function business({ now, row }: Change): Record<string, unknown> {
  return {
    id: row.entityId,
    owners: [],
    followers: [],
    properties: properties({ ...fields(now, ...BUSINESS), ...((now.customProperties ?? {}) as object) }),
  }
}

/** What ties what is decided by no side: any number on both. */
const MANY = 'MANY_TO_MANY'

function association({ now, row }: Change): Record<string, unknown> {
  return {
    id: row.entityId,
    ...fields(now, 'associationType', 'firstObjectKey', 'firstObjectLabel'),
    firstObjectToSecondObjectCardinality: MANY,
    ...fields(now, 'secondObjectKey', 'secondObjectLabel'),
    secondObjectToFirstObjectCardinality: MANY,
    ...fields(now, 'key'),
  }
}

/** A tie with a label (docs/decisions/0019). */
function relation({ now, row }: Change, known: Known): Record<string, unknown> {
  const { associationId, firstRecordId, secondRecordId } = relatedOf(now as unknown as TieDocument)
  const label = known.association(row.locationId, associationId)
  return {
    id: row.entityId,
    firstObjectKey: label?.firstObjectKey,
    firstRecordId,
    secondObjectKey: label?.secondObjectKey,
    secondRecordId,
    associationId,
  }
}

const hasLabel = ({ now }: Change) => now.labelId !== undefined

function schema(change: Change): Record<string, unknown> {
  const { now, row } = change
  return {
    id: row.entityId,
    ...fields(now, 'labels', 'description'),
    searchableProperties: now.searchableProperties ?? [now.primaryDisplayProperty],
    ...fields(now, 'primaryDisplayProperty', 'key'),
    updatedAt: row.at.toISOString(),
    ...(change.act === 'create' ? { createdAt: row.at.toISOString() } : {}),
    objectType: String(now.key).startsWith(CUSTOM) ? 'USER_DEFINED' : 'SYSTEM_DEFINED',
  }
}

export const objectEvents: EventType[] = [
  event('RecordCreate', objectRecords, isCreated, objectRecord),
  event('RecordUpdate', objectRecords, isUpdated, objectRecord),
  event('RecordDelete', objectRecords, isDeleted, objectRecord),
  event('RecordCreate', businesses, isCreated, business),
  event('RecordUpdate', businesses, isUpdated, business),
  event('RecordDelete', businesses, isDeleted, business),
  event('AssociationCreate', associations, isCreated, association),
  event('AssociationUpdate', associations, isUpdated, association),
  event('AssociationDelete', associations, isDeleted, association),
  event('RelationCreate', objectAssociations, (change) => isCreated(change) && hasLabel(change), relation),
  event('RelationDelete', objectAssociations, (change) => isDeleted(change) && hasLabel(change), relation),
  event('ObjectSchemaCreate', objects, isCreated, schema),
  event('ObjectSchemaUpdate', objects, isUpdated, schema),
]
