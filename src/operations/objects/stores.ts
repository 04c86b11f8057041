import { AppError } from '../../errors.ts'
import { businesses } from '../../resources/records/businesses.ts'
import { objectRecords } from '../../resources/records/object-records.ts'
import {
  allOf,
  type Condition,
  equals,
  findRecord,
  hasTerm,
  type RecordDocument,
  type RecordResource,
  type RecordRow,
} from '../../store/records/index.ts'
import type { Context } from '../define.ts'
import type { ObjectSchema } from './find.ts'

/** Where the records of an object are kept, and how what is stored reads as a record of the wire. */
export interface Store {
  resource: RecordResource
  /** Those of this object, of all of the kind. */
  where: Condition
  isOf(row: RecordRow): boolean
  propertiesOf(document: RecordDocument): Record<string, unknown>
  /** Null: a new one. */
  next(before: RecordDocument | null, change: Change): RecordDocument
}

export interface Change {
  properties: Record<string, unknown>
  owner?: string[] | undefined
  followers?: string[] | undefined
  writer: Writer
}

interface Writer {
  channel: string
  source: string
  sourceId: string
  createdAt: string
}

/** Standard properties of a business: of the wire -> as stored. */
export const OF_BUSINESS: Record<string, string> = {
  name: 'name',
  phone: 'phone',
  email: 'email',
  website: 'website',
  address: 'address',
  city: 'city',
  state: 'state',
  postal_code: 'postalCode',
  country: 'country',
  description: 'description',
}

const EVERYTHING = allOf([])

const businessStore: Store = {
  resource: businesses as unknown as RecordResource,
  where: EVERYTHING,
  isOf: () => true,
  propertiesOf: (document) => ({
    ...Object.fromEntries(
      Object.entries(OF_BUSINESS).flatMap(([name, field]) =>
        document[field] === undefined ? [] : [[name, document[field]]],
      ),
    ),
    ...(document.customProperties as object | undefined),
  }),
  next(before, { properties, writer }) {
    const by = { source: writer.source, id: writer.sourceId }
    const own = Object.entries(properties).filter(([name]) => Object.hasOwn(OF_BUSINESS, name))
    const custom = Object.entries(properties).filter(([name]) => !Object.hasOwn(OF_BUSINESS, name))
    return {
      ...(before ?? { createdBy: by }),
      ...Object.fromEntries(own.map(([name, value]) => [OF_BUSINESS[name], value])),
      ...(custom.length === 0
        ? {}
        : { customProperties: kept((before?.customProperties ?? {}) as object, Object.fromEntries(custom)) }),
      updatedBy: by,
    }
  },
}

const kept = (before: object, values: Record<string, unknown>) =>
  Object.fromEntries(Object.entries({ ...before, ...values }).filter(([, value]) => value !== null))

function customStore(locationId: string, objectId: string): Store {
  const term = hasTerm(locationId, 'objectId', objectId)
  return {
    resource: objectRecords as unknown as RecordResource,
    where: term ?? equals('objectId', objectId),
    isOf: ({ document }) => document.objectId === objectId,
    propertiesOf: (document) => document.properties as Record<string, unknown>,
    next: (before, { properties, owner, followers, writer }) => ({
      objectId,
      createdBy: before?.createdBy ?? writer,
      lastUpdatedBy: writer,
      owner: owner ?? before?.owner ?? [],
      followers: followers ?? before?.followers ?? [],
      properties: kept((before?.properties ?? {}) as object, properties),
    }),
  }
}

/** 400 for contacts and opportunities, which have endpoints of their own. */
export function storeOf(locationId: string, { id, key, standard }: ObjectSchema): Store {
  if (key === 'business') return businessStore
  if (!standard) return customStore(locationId, id)
  throw new AppError('bad_request', { reason: `Records of ${key} are not served here: they have their own endpoints.` })
}

/** 404 when it is not there, or is a record of something else. */
export async function getRecordOf(ctx: Context, { resource, isOf }: Store, id: string): Promise<RecordRow> {
  const row = await findRecord(ctx.db, resource, ctx.locationId, id)
  if (row === null || !isOf(row)) throw new AppError('not_found', { what: 'record', id })
  return row
}
