import { type TSchema, Type } from 'typebox'
import { businesses } from '../../resources/records/businesses.ts'
import {
  createRecord,
  deleteRecord,
  getRecord,
  listRecords,
  type RecordDocument,
  type RecordRow,
  settleRefs,
  updateRecord,
} from '../../store/records/index.ts'
import { type Context, operation } from '../define.ts'
import { ofThisWire } from '../other-wire.ts'
import { Id, Limit, Noun, Skip } from '../schemas.ts'

const { read, write } = businesses.scopes
const shown = ofThisWire(businesses.schema.properties)
const { name, customProperties: _p, createdBy: _c, updatedBy: _u, ...details } = shown
const common = { category: 'Businesses', token: 'location' } as const
const path = { businessId: Id() }

/** wire/highlevel/businesses.json: BusinessDto. */
const Business = Noun('Business', {
  id: Type.String(),
  locationId: Type.String(),
  ...(shown as Record<string, TSchema>),
  createdAt: Type.String(),
  updatedAt: Type.String(),
})
// The misspelt word is the wire's: UpdateBusinessResponseDto.
const written = Type.Object({ success: Type.Boolean(), buiseness: Business })

function toBusiness({ id, document, createdAt, updatedAt }: RecordRow, locationId: string): never {
  return {
    id,
    locationId,
    ...ofThisWire(document),
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  } as never
}

const writerOf = (ctx: Context) => ({
  source: ctx.caller.person === undefined ? 'token' : 'person',
  id: ctx.caller.tokenId,
})

/** An empty text removes the detail. */
const trimmed = (input: RecordDocument): RecordDocument =>
  Object.fromEntries(
    Object.entries(input).map(([field, value]) => [
      field,
      typeof value === 'string' && value.trim() === '' ? null : value,
    ]),
  )

export const businessOperations = [
  operation({
    ...common,
    name: 'businesses.list',
    title: 'List Businesses by Location',
    description: 'Get all businesses in location, by creation.',
    access: 'read',
    scope: [read, write],
    http: 'GET /businesses/',
    input: Type.Object({ locationId: Id(), limit: Limit(100, 500), skip: Skip() }, { additionalProperties: false }),
    output: Type.Object({ businesses: Type.Array(Business) }),
    async run(ctx, { locationId, limit = 100, skip }) {
      return {
        businesses: (await listRecords(ctx.db, businesses, locationId, { skip, limit })).map((row) =>
          toBusiness(row, locationId),
        ),
      }
    },
  }),
  operation({
    ...common,
    name: 'businesses.create',
    title: 'Create Business',
    description: 'Add new business',
    access: 'write',
    scope: write,
    http: 'POST /businesses/',
    status: 201,
    input: Type.Object({ locationId: Id(), name, ...details }, { additionalProperties: false }),
    output: written,
    async run(ctx, { locationId, ...input }) {
      const row = await createRecord(ctx.scope, businesses, {
        ...trimmed(input),
        createdBy: writerOf(ctx),
        updatedBy: writerOf(ctx),
      })
      return { success: true, buiseness: toBusiness(row, locationId) }
    },
  }),
  operation({
    ...common,
    name: 'businesses.get',
    title: 'Get Business',
    description: 'Retrieve business details',
    access: 'read',
    scope: [read, write],
    http: 'GET /businesses/:businessId',
    input: Type.Object(path, { additionalProperties: false }),
    output: Type.Object({ business: Business }),
    async run(ctx, { businessId }) {
      return { business: toBusiness(await getRecord(ctx.db, businesses, ctx.locationId, businessId), ctx.locationId) }
    },
  }),
  operation({
    ...common,
    name: 'businesses.update',
    title: 'Update Business',
    description: 'Modify business details: replaces the properties that the body names and keeps the others.',
    access: 'write',
    scope: write,
    http: 'PUT /businesses/:businessId',
    input: Type.Object({ ...path, name: Type.Optional(name), ...details }, { additionalProperties: false }),
    output: written,
    async run(ctx, { businessId, ...input }) {
      const changes = { ...trimmed(input), updatedBy: writerOf(ctx) }
      const row = await updateRecord(ctx.scope, businesses, businessId, ({ document }) => ({ ...document, ...changes }))
      return { success: true, buiseness: toBusiness(row, ctx.locationId) }
    },
  }),
  operation({
    ...common,
    name: 'businesses.delete',
    title: 'Delete Business',
    description: 'Remove business with its relations. Its contacts stay, without a business.',
    access: 'destructive',
    scope: write,
    http: 'DELETE /businesses/:businessId',
    input: Type.Object(path, { additionalProperties: false }),
    output: Type.Object({ success: Type.Boolean() }),
    async run(ctx, { businessId }) {
      await deleteRecord(ctx.scope, businesses, businessId)
      await settleRefs(ctx.scope, businesses.kind, [businessId])
      return { success: true }
    },
  }),
]
