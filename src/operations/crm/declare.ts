import { Type } from 'typebox'
import { scopesOf } from '../../objects/index.ts'
import { Noun } from '../schemas.ts'
import { Fault } from './association-shapes.ts'
import { crmObjectLines } from './lines.ts'
import { Paging } from './paging.ts'
import { TypeName } from './types.ts'

// What the operations on objects have in common (wire/hubspot.md, "CRM objects ...").

/** Some object scope is enough at the door; that of the type in the path is asked for behind it. */
const common = { category: 'CRM Objects', token: 'location', wire: 'hubspot' } as const
export const reads = { ...common, access: 'read', scope: scopesOf('read') } as const
export const writes = { ...common, access: 'write', scope: scopesOf('write') } as const

export const at = (method: string, rest = '') => crmObjectLines(method, `/:objectType${rest}`)

export const typePath = { objectType: TypeName('contacts') }
export const ObjectId = () => Type.String({ minLength: 1, maxLength: 400, examples: ['6001'] })
export const objectPath = { ...typePath, objectId: ObjectId() }

/** Names in a query come one by one, or joined by commas. */
export const Names = (description: string) =>
  Type.Optional(Type.Array(Type.String({ maxLength: 500 }), { maxItems: 2000, description }))
export const IdProperty = () =>
  Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'A property that no two objects share.' }))
export const Archived = () =>
  Type.Optional(Type.Boolean({ description: 'Those that are archived, in place of others.' }))

/** What a request says of an object. Values are texts; numbers and booleans are taken for such. */
export const Properties = () =>
  Type.Record(Type.String({ minLength: 1, maxLength: 200 }), Type.Unknown(), { maxProperties: 1000 })

const Id = Type.Union([
  Type.String({ minLength: 1, maxLength: 500, examples: ['6001'] }),
  Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
])

/** One of a batch by its id, or by its value of `idProperty`. */
export const Named = { id: Id, idProperty: IdProperty() }
export const TraceId = () => Type.Optional(Type.String({ minLength: 1, maxLength: 200 }))

/** What a new object is associated with. */
export const NewAssociations = () =>
  Type.Optional(
    Type.Array(
      Type.Object({
        to: Type.Object({ id: Id }),
        types: Type.Optional(
          Type.Array(
            Type.Object({
              associationCategory: Type.Enum(['HUBSPOT_DEFINED', 'USER_DEFINED', 'INTEGRATOR_DEFINED', 'WORK']),
              associationTypeId: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }),
            }),
            { maxItems: 20 },
          ),
        ),
      }),
      { maxItems: 100 },
    ),
  )

const Version = Type.Object({
  value: Type.String(),
  timestamp: Type.String(),
  sourceType: Type.String(),
  sourceId: Type.Optional(Type.String()),
})

export const objectFields = {
  id: Type.String(),
  properties: Type.Record(Type.String(), Type.Union([Type.String(), Type.Null()])),
  createdAt: Type.String(),
  updatedAt: Type.String(),
  archived: Type.Boolean(),
  archivedAt: Type.Optional(Type.String()),
  propertiesWithHistory: Type.Optional(Type.Record(Type.String(), Type.Array(Version))),
  associations: Type.Optional(
    Type.Record(
      Type.String(),
      Type.Object({ results: Type.Array(Type.Object({ id: Type.String(), type: Type.String() })) }),
    ),
  ),
  new: Type.Optional(Type.Boolean({ description: 'Of an upsert: it was not there before.' })),
  objectWriteTraceId: Type.Optional(Type.String()),
}
export const CrmObject = Noun('CrmObject', objectFields)
export const ObjectList = Type.Object({ results: Type.Array(CrmObject), paging: Paging() })

export const Batch = Type.Object({
  status: Type.String(),
  results: Type.Array(CrmObject),
  numErrors: Type.Optional(Type.Integer()),
  errors: Type.Optional(Type.Array(Fault)),
  startedAt: Type.String(),
  completedAt: Type.String(),
})

/** Of archived objects so much is still shown. */
export const ARCHIVED_MS = 90 * 24 * 3600 * 1000

/** Inputs of a batch, and those of one that asks for histories. */
export const [MOST_INPUTS, MOST_WITH_HISTORY] = [100, 50]
