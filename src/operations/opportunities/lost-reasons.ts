import { Type } from 'typebox'
import { lostReasons } from '../../resources/lost-reasons.ts'
import { type AssetResource, listAssets } from '../../store/assets/index.ts'
import { naturalKey } from '../../store/natural-key.ts'
import { crudOperations } from '../asset-crud.ts'
import { operation } from '../define.ts'
import { Id, Limit, Noun, Skip } from '../schemas.ts'

const resource = lostReasons as unknown as AssetResource
const category = 'Opportunities'
const Words = (description: string) => Type.Optional(Type.String({ maxLength: 200, description }))

/** wire/highlevel/opportunities.json: `GET /opportunities/lost-reason`; the writes are ours. */
const listLostReasons = operation({
  name: 'lostReasons.list',
  title: 'Get Lost Reasons',
  description: 'What the opportunities of a location are lost for, by creation.',
  category,
  access: 'read',
  token: 'either',
  scope: [resource.scopes.read, resource.scopes.write],
  http: 'GET /opportunities/lost-reason',
  input: Type.Object(
    {
      locationId: Id(),
      name: Words('The whole name.'),
      query: Words('A part of the name.'),
      deleted: Type.Optional(Type.Boolean({ description: 'True lists none: what is deleted is gone.' })),
      getCount: Type.Optional(Type.Boolean({ description: 'The total is told in any case.' })),
      skip: Skip(),
      limit: Limit(100, 500),
    },
    { additionalProperties: false },
  ),
  output: Type.Object({
    lostReasons: Type.Array(
      Noun('ListedLostReason', {
        id: Type.String(),
        name: Type.String(),
        locationId: Type.String(),
        createdAt: Type.String(),
        updatedAt: Type.String(),
      }),
    ),
    total: Type.Integer(),
  }),
  async run(ctx, { locationId, name, query, deleted = false, skip = 0, limit = 100 }) {
    const all = deleted ? [] : await listAssets(ctx.db, resource, locationId, { search: query })
    const found = all.filter(
      ({ document }) => name === undefined || naturalKey(String(document.name)) === naturalKey(name),
    )
    const shown = found.slice(skip, skip + limit).map(({ id, document, createdAt, updatedAt }) => ({
      id,
      name: String(document.name),
      locationId,
      createdAt: createdAt.toISOString(),
      updatedAt: updatedAt.toISOString(),
    }))
    return { lostReasons: shown, total: found.length }
  },
})

export const lostReasonOperations = [
  listLostReasons,
  ...crudOperations({
    resource,
    path: '/opportunities/lost-reason',
    name: 'lostReasons',
    category,
    param: 'lostReasonId',
  }),
]
