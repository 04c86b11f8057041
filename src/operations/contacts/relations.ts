import { Type } from 'typebox'
import { AppError, invalid } from '../../errors.ts'
import {
  isOfType,
  loadPortals,
  type Portal,
  relate,
  relatedOf,
  type TieDocument,
  takeOff,
  typeOfKey,
} from '../../objects/index.ts'
import { associations } from '../../resources/associations.ts'
import { objectAssociations } from '../../resources/records/object-associations.ts'
import { type Asset, type AssetResource, findAsset, listAssets } from '../../store/assets/index.ts'
import {
  allOf,
  anyOf,
  type Condition,
  equals,
  findRecord,
  hasRecord,
  hasTerm,
  isAbsent,
  isOneOf,
  not,
  pageRecords,
  type RecordRow,
} from '../../store/records/index.ts'
import { type Context, operation } from '../define.ts'
import { Id, Noun } from '../schemas.ts'

const resource = associations as unknown as AssetResource
/** Associations with a label: one tie on both wires (docs/decisions/0019). */
const relations = { kind: objectAssociations.kind, noun: 'relation' }
const { read, write } = objectAssociations.scopes
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

function toRelation(row: RecordRow<TieDocument>, association: Asset | null | undefined, locationId: string): never {
  const times = { createdAt: row.createdAt.toISOString(), updatedAt: row.updatedAt.toISOString() }
  return { ...UNKNOWN, ...association?.document, ...relatedOf(row.document), id: row.id, locationId, ...times } as never
}

async function portalOf(ctx: Context): Promise<Portal> {
  const portal = (await loadPortals(ctx.db, [ctx.locationId])).get(ctx.locationId)
  if (portal === undefined) throw new AppError('not_found', { what: 'location', id: ctx.locationId })
  return portal
}

/** The record that one end of a relation names; a text: why it is none. */
async function endOf(ctx: Context, portal: Portal, objectKey: unknown, id: string) {
  const type = typeOfKey(portal, String(objectKey))
  const record = type && (await findRecord(ctx.db, { kind: type.kind, noun: type.name }, ctx.locationId, id))
  if (type === null || !record || !isOfType(type, record.document))
    return `there is no ${objectKey} ${id} in this location`
  return { type, objectId: record.objectId }
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
    description:
      'Establish record relation. Both records must be what the association ties together. On the HubSpot wire it is an ' +
      'association with a label.',
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
      const portal = await portalOf(ctx)
      const { firstObjectKey, secondObjectKey } = association.document
      const [first, second] = await Promise.all([
        endOf(ctx, portal, firstObjectKey, document.firstRecordId),
        endOf(ctx, portal, secondObjectKey, document.secondRecordId),
      ])
      if (typeof first === 'string' || typeof second === 'string') {
        const named = { firstRecordId: first, secondRecordId: second }
        throw invalid(
          Object.entries(named).flatMap(([name, end]) => (typeof end === 'string' ? `${name}: ${end}` : [])),
        )
      }
      const made = await relate(ctx.scope, association, { first, second })
      if (made === null) throw new AppError('not_found', { what: 'record', id: document.firstRecordId })
      return toRelation(made, association, locationId)
    },
  }),
  operation({
    ...common,
    name: 'relations.list',
    title: 'Get Relations by Record',
    description:
      'List record relations: those that have this record on either side, by creation, whichever wire wrote them.',
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
      const either = anyOf([is(locationId, 'fromId', recordId), is(locationId, 'toId', recordId)])
      const labelled = associationIds === undefined ? not(isAbsent('labelId')) : isOneOf('labelId', associationIds)
      const where = allOf([either, labelled])
      const { records, total } = await pageRecords<TieDocument>(ctx.db, relations, locationId, { where, skip, limit })
      if (total === 0 && !(await hasRecord(ctx.db, [...ctx.records.keys()], locationId, recordId)))
        throw new AppError('not_found', { what: 'record', id: recordId })
      const ids = [...new Set(records.map(({ document }) => String(document.labelId)))]
      const known = new Map(
        (await listAssets(ctx.db, resource, locationId, { ids })).map((association) => [association.id, association]),
      )
      return {
        relations: records.map((row) => toRelation(row, known.get(String(row.document.labelId)), locationId)) as never,
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
      const row = await findRecord<TieDocument>(ctx.db, relations, locationId, relationId)
      if (row?.document.labelId === undefined) throw new AppError('not_found', { what: relations.noun, id: relationId })
      const association = await findAsset(ctx.db, resource, locationId, row.document.labelId)
      await takeOff(ctx.scope, await portalOf(ctx), [row], 'goes')
      return { ...(toRelation(row, association, locationId) as object), deleted: true } as never
    },
  }),
]
