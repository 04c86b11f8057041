import { type Static, Type } from 'typebox'
import { invalid } from '../../errors.ts'
import { businesses } from '../../resources/records/businesses.ts'
import { objectRecords } from '../../resources/records/object-records.ts'
import {
  allOf,
  byCreation,
  createRecord,
  deleteRecord,
  matchesWords,
  pageRecords,
  type RecordDocument,
  type RecordRow,
  settleRefs,
  updateRecord,
} from '../../store/records/index.ts'
import { type Context, operation } from '../define.ts'
import { faultsOfPeople } from '../people/index.ts'
import { Id, Noun } from '../schemas.ts'
import { getObject, listFields, type ObjectSchema } from './find.ts'
import { readProperties } from './properties.ts'
import { type Change, getRecordOf, OF_BUSINESS, type Store, storeOf } from './stores.ts'

const { read, write } = objectRecords.scopes
const common = { category: 'Custom Objects', token: 'either' } as const
const locate = { kind: objectRecords.kind, others: [businesses.kind], param: 'id' }
const schemaKey = Type.String({ minLength: 1, maxLength: 120, description: 'Key or id of the object.' })

const Writer = Type.Object({
  channel: Type.String(),
  source: Type.String(),
  sourceId: Type.String(),
  createdAt: Type.String(),
})

const fields = {
  id: Type.String(),
  locationId: Type.String(),
  objectId: Type.String(),
  objectKey: Type.String(),
  owner: Type.Array(Type.String()),
  followers: Type.Array(Type.String()),
  properties: Type.Object({}, { additionalProperties: true }),
  createdBy: Writer,
  lastUpdatedBy: Writer,
  createdAt: Type.String(),
  updatedAt: Type.String(),
  dateAdded: Type.String(),
  dateUpdated: Type.String(),
}
/** wire/highlevel/objects.json: IRecordSchema and RecordResponseDTO, whose moments have different names. */
const RecordAnswer = Noun('ObjectRecord', fields)
const answer = Type.Object({ record: RecordAnswer })

const body = {
  owner: Type.Optional(Type.Array(Id(), { maxItems: 10 })),
  followers: Type.Optional(Type.Array(Id(), { maxItems: 200 })),
}
const Properties = () =>
  Type.Record(Type.String({ maxLength: 400 }), Type.Unknown(), {
    maxProperties: 1000,
    description:
      'By the keys of the fields, with or without that of the object. Null or an empty text removes a value.',
  })

function toRecord(row: RecordRow, object: ObjectSchema, store: Store, locationId: string): Static<typeof RecordAnswer> {
  const { document, createdAt, updatedAt } = row
  const [added, changed] = [createdAt.toISOString(), updatedAt.toISOString()]
  const by = (writer: unknown, at: string) => {
    const { id, ...known } = writer as Record<string, string>
    return { channel: 'OAUTH', source: 'PUBLIC_API', sourceId: id ?? '', createdAt: at, ...known }
  }
  return {
    id: row.id,
    locationId,
    objectId: object.id,
    objectKey: object.key,
    owner: (document.owner ?? []) as string[],
    followers: (document.followers ?? []) as string[],
    properties: store.propertiesOf(document),
    createdBy: by(document.createdBy, added),
    lastUpdatedBy: by(document.lastUpdatedBy ?? document.updatedBy, changed),
    createdAt: added,
    updatedAt: changed,
    dateAdded: added,
    dateUpdated: changed,
  }
}

/** What a request says of a record, checked: properties against the fields, people against the people. */
async function changeOf(
  ctx: Context,
  object: ObjectSchema,
  {
    properties = {},
    owner,
    followers,
  }: { properties?: Record<string, unknown>; owner?: string[]; followers?: string[] },
  before?: RecordDocument,
): Promise<Change> {
  const faults: string[] = []
  const standard = object.key === 'business' ? Object.keys(OF_BUSINESS) : []
  const own = Object.entries(properties).map(([name, value]) => [name.replace(/^business\./, ''), value] as const)
  const mine = own.filter(([name]) => standard.includes(name))
  for (const [name, value] of mine)
    if (value !== null && typeof value !== 'string') faults.push(`properties.${name}: must be a text`)
  const rest = Object.fromEntries(
    Object.entries(properties).filter(([name]) => !standard.includes(name.replace(/^business\./, ''))),
  )
  const values = readProperties(object, await listFields(ctx, object), rest, faults)
  faults.push(...(await faultsOfPeople(ctx, 'owner', owner, before?.owner)))
  faults.push(...(await faultsOfPeople(ctx, 'followers', followers, before?.followers)))
  if (faults.length > 0) throw invalid(faults.slice(0, 50))
  const createdAt = new Date(ctx.author.atMs).toISOString()
  return {
    properties: { ...Object.fromEntries(mine.map(([name, value]) => [name, value === '' ? null : value])), ...values },
    owner,
    followers,
    writer: { channel: 'OAUTH', source: 'PUBLIC_API', sourceId: ctx.caller.tokenId, createdAt },
  }
}

/** wire/highlevel/objects.json: the records. */
export const objectRecordOperations = [
  operation({
    ...common,
    name: 'objects.createRecord',
    title: 'Create Record',
    description: 'A record of a custom object, or a business. Values are checked against the types of the fields.',
    access: 'write',
    scope: write,
    http: 'POST /objects/:schemaKey/records',
    status: 201,
    input: Type.Object(
      { schemaKey, locationId: Id(), properties: Properties(), ...body },
      { additionalProperties: false },
    ),
    output: answer,
    async run(ctx, { schemaKey: key, locationId, ...input }) {
      const object = await getObject(ctx, key)
      const store = storeOf(locationId, object)
      const row = await createRecord(
        ctx.scope,
        store.resource,
        store.next(null, await changeOf(ctx, object, input as never)),
      )
      return { record: toRecord(row, object, store, locationId) }
    },
  }),
  operation({
    ...common,
    locate,
    name: 'objects.getRecord',
    title: 'Get Record By Id',
    access: 'read',
    scope: [read, write],
    http: 'GET /objects/:schemaKey/records/:id',
    input: Type.Object({ schemaKey, id: Id() }, { additionalProperties: false }),
    output: answer,
    async run(ctx, { schemaKey: key, id }) {
      const object = await getObject(ctx, key)
      const store = storeOf(ctx.locationId, object)
      return { record: toRecord(await getRecordOf(ctx, store, id), object, store, ctx.locationId) }
    },
  }),
  operation({
    ...common,
    locate,
    name: 'objects.updateRecord',
    title: 'Update Record',
    description: 'Replaces the properties that the body names and keeps the others.',
    access: 'write',
    scope: write,
    http: 'PUT /objects/:schemaKey/records/:id',
    query: ['locationId'],
    input: Type.Object(
      { schemaKey, id: Id(), locationId: Id(), properties: Type.Optional(Properties()), ...body },
      { additionalProperties: false },
    ),
    output: answer,
    async run(ctx, { schemaKey: key, id, locationId, ...input }) {
      const object = await getObject(ctx, key)
      const store = storeOf(locationId, object)
      const { document: current } = await getRecordOf(ctx, store, id)
      const change = await changeOf(ctx, object, input as never, current)
      const row = await updateRecord(ctx.scope, store.resource, id, ({ document }) => store.next(document, change))
      return { record: toRecord(row, object, store, locationId) }
    },
  }),
  operation({
    ...common,
    locate,
    name: 'objects.deleteRecord',
    title: 'Delete Record',
    description: 'Removes the record with its relations.',
    access: 'destructive',
    scope: write,
    http: 'DELETE /objects/:schemaKey/records/:id',
    input: Type.Object({ schemaKey, id: Id() }, { additionalProperties: false }),
    output: Type.Object({ id: Type.String(), success: Type.Boolean() }),
    async run(ctx, { schemaKey: key, id }) {
      const store = storeOf(ctx.locationId, await getObject(ctx, key))
      await getRecordOf(ctx, store, id)
      await deleteRecord(ctx.scope, store.resource, id)
      await settleRefs(ctx.scope, store.resource.kind, [id])
      return { id, success: true }
    },
  }),
  operation({
    ...common,
    name: 'objects.searchRecords',
    kind: 'trigger',
    title: 'Search Object Records',
    description: 'Records of an object whose properties hold words that begin like those of `query`, newest first.',
    access: 'read',
    scope: [read, write],
    http: 'POST /objects/:schemaKey/records/search',
    input: Type.Object(
      {
        schemaKey,
        locationId: Id(),
        page: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
        pageLimit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, description: 'Default 20.' })),
        query: Type.Optional(Type.String({ maxLength: 500 })),
        searchAfter: Type.Optional(
          Type.Array(Type.Union([Type.String({ maxLength: 100 }), Type.Number()]), {
            maxItems: 2,
            description: 'Of the last record seen. Empty: from the beginning.',
          }),
        ),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({
      records: Type.Array(Noun('FoundObjectRecord', { ...fields, searchAfter: Type.Array(Type.Unknown()) })),
      total: Type.Integer(),
    }),
    async run(ctx, { schemaKey: key, locationId, page = 1, pageLimit = 20, query = '', searchAfter = [] }) {
      const object = await getObject(ctx, key)
      const store = storeOf(locationId, object)
      const words = matchesWords(locationId, query)
      const { records, total } = await pageRecords(ctx.db, store.resource, locationId, {
        where: allOf([store.where, ...(words === null ? [] : [words])]),
        order: [byCreation('desc')],
        ...(searchAfter.length > 0 ? { after: searchAfter } : { skip: (page - 1) * pageLimit }),
        limit: pageLimit,
      })
      return {
        records: records.map((row) => ({ ...toRecord(row, object, store, locationId), searchAfter: row.cursor })),
        total,
      }
    },
  }),
]
