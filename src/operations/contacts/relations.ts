import { Type } from 'typebox'
import { AppError, invalid } from '../../errors.ts'
import { associations } from '../../resources/associations.ts'
import { CUSTOM, objects } from '../../resources/objects.ts'
import { objectRecords } from '../../resources/records/object-records.ts'
import { relations } from '../../resources/records/relations.ts'
import { type Asset, type AssetResource, findAsset, listAssets, lockLocation } from '../../store/assets/index.ts'
import {
  allOf,
  anyOf,
  type Condition,
  createRecord,
  deleteRecord,
  equals,
  findRecord,
  hasRecord,
  hasTerm,
  isOneOf,
  listRecords,
  pageRecords,
  type RecordRow,
} from '../../store/records/index.ts'
import { type Context, operation } from '../define.ts'
import { Id, Noun } from '../schemas.ts'

const resource = associations as unknown as AssetResource
const kinds = objects as unknown as AssetResource
const { read, write } = relations.scopes
const common = { category: 'Associations', token: 'either' } as const

/**
 * The specification gives all three the schema of an association; what clients need is the relation. It is answered
 * with what its association says of it.
 */
const Relation = Noun('Relation', {
  id: Type.String(),
  locationId: Type.String(),
  associationId: Type.String(),
  firstRecordId: Type.String(),
  secondRecordId: Type.String(),
  key: Type.String(),
  firstObjectLabel: Type.String(),
  firstObjectKey: Type.String(),
  secondObjectLabel: Type.String(),
  secondObjectKey: Type.String(),
  associationType: Type.String(),
  createdAt: Type.String(),
  updatedAt: Type.String(),
})

/** Of an association that is gone, nothing is known. */
const UNKNOWN = {
  key: '',
  firstObjectLabel: '',
  firstObjectKey: '',
  secondObjectLabel: '',
  secondObjectKey: '',
  associationType: 'USER_DEFINED',
}

function toRelation(row: RecordRow, association: Asset | null | undefined, locationId: string): never {
  const times = { createdAt: row.createdAt.toISOString(), updatedAt: row.updatedAt.toISOString() }
  return { ...UNKNOWN, ...association?.document, ...row.document, id: row.id, locationId, ...times } as never
}

/**
 * Object keys of the wire -> kinds whose records can be looked up. A record of a custom object says which it is of; what
 * no object of ours has for a key is taken as it is.
 */
const KINDS: Record<string, string> = {
  contact: 'contacts',
  opportunity: 'opportunities',
  business: 'businesses',
  company: 'businesses',
}

async function faultOf(ctx: Context, field: string, objectKey: unknown, id: string): Promise<string[]> {
  const kind = KINDS[String(objectKey)]
  const isThere = String(objectKey).startsWith(CUSTOM)
    ? await isCustom(ctx, objectKey, id)
    : kind === undefined || (await hasRecord(ctx.db, [kind], ctx.locationId, id))
  if (isThere) return []
  return [`${field}: there is no ${objectKey} ${id} in this location`]
}

async function isCustom(ctx: Context, objectKey: unknown, id: string): Promise<boolean> {
  const record = await findRecord<{ objectId: string }>(ctx.db, objectRecords, ctx.locationId, id)
  return (
    record !== null &&
    (await findAsset(ctx.db, kinds, ctx.locationId, record.document.objectId))?.document.key === objectKey
  )
}

const is = (locationId: string, field: string, value: string): Condition => {
  const term = hasTerm(locationId, field, value)
  return allOf([...(term === null ? [] : [term]), equals(field, value)])
}

/** wire/highlevel/associations.json: create-relation, get-relations-by-record-id, delete-relation. */
export const relationOperations = [
  operation({
    ...common,
    name: 'relations.create',
    title: 'Create Relation',
    description: 'Establish record relation. Both records must be what the association ties together.',
    access: 'write',
    scope: write,
    http: 'POST /associations/relations',
    status: 201,
    input: Type.Object(
      { locationId: Id(), associationId: Id(), firstRecordId: Id(), secondRecordId: Id() },
      { additionalProperties: false },
    ),
    output: Relation,
    async run(ctx, { locationId, ...document }) {
      const association = await findAsset(ctx.db, resource, locationId, document.associationId)
      if (association === null)
        throw invalid([`associationId: there is no association ${document.associationId} in this location`])
      const { firstObjectKey, secondObjectKey } = association.document
      const faults = await Promise.all([
        faultOf(ctx, 'firstRecordId', firstObjectKey, document.firstRecordId),
        faultOf(ctx, 'secondRecordId', secondObjectKey, document.secondRecordId),
      ])
      if (faults.flat().length > 0) throw invalid(faults.flat())
      await lockLocation(ctx.tx, locationId)
      const same = allOf(Object.entries(document).map(([field, value]) => is(locationId, field, value)))
      const [known] = await listRecords(ctx.db, relations, locationId, { where: same, limit: 1 })
      if (known !== undefined)
        throw new AppError('exists', { what: relations.noun, field: 'pair of records', value: known.id })
      return toRelation(await createRecord(ctx.scope, relations, document), association, locationId)
    },
  }),
  operation({
    ...common,
    name: 'relations.list',
    title: 'Get Relations by Record',
    description: 'List record relations: those that have this record on either side, by creation.',
    access: 'read',
    scope: [read, write],
    http: 'GET /associations/relations/:recordId',
    input: Type.Object(
      {
        recordId: Id(),
        locationId: Id(),
        skip: Type.Integer({ minimum: 0, maximum: 1_000_000 }),
        limit: Type.Integer({ minimum: 1, maximum: 500 }),
        associationIds: Type.Optional(Type.Array(Id(), { maxItems: 200 })),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({ relations: Type.Array(Relation), total: Type.Integer(), traceId: Type.String() }),
    async run(ctx, { recordId, locationId, skip, limit, associationIds }) {
      const either = anyOf([is(locationId, 'firstRecordId', recordId), is(locationId, 'secondRecordId', recordId)])
      const where = allOf([either, ...(associationIds === undefined ? [] : [isOneOf('associationId', associationIds)])])
      const { records, total } = await pageRecords(ctx.db, relations, locationId, { where, skip, limit })
      if (total === 0 && !(await hasRecord(ctx.db, [...ctx.records.keys()], locationId, recordId)))
        throw new AppError('not_found', { what: 'record', id: recordId })
      const ids = [...new Set(records.map(({ document }) => String(document.associationId)))]
      const known = new Map(
        (await listAssets(ctx.db, resource, locationId, { ids })).map((association) => [association.id, association]),
      )
      return {
        relations: records.map((row) =>
          toRelation(row, known.get(String(row.document.associationId)), locationId),
        ) as never,
        total,
        traceId: ctx.traceId,
      }
    },
  }),
  operation({
    ...common,
    name: 'relations.delete',
    title: 'Delete Relation',
    description: 'Remove record relation',
    access: 'destructive',
    scope: write,
    http: 'DELETE /associations/relations/:relationId',
    input: Type.Object({ relationId: Id(), locationId: Id() }, { additionalProperties: false }),
    output: Type.Intersect([Relation, Type.Object({ deleted: Type.Boolean() })]),
    async run(ctx, { relationId, locationId }) {
      const row = await deleteRecord(ctx.scope, relations, relationId)
      const association = await findAsset(ctx.db, resource, locationId, String(row.document.associationId))
      return { ...(toRelation(row, association, locationId) as object), deleted: true } as never
    },
  }),
]
