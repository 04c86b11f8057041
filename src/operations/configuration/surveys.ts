import { Type } from 'typebox'
import { surveys } from '../../resources/surveys.ts'
import { type AssetResource, countAssets, listAssetRows } from '../../store/assets/index.ts'
import { crudOperations } from '../asset-crud.ts'
import { operation } from '../define.ts'
import { Id, Limit, Noun, Skip } from '../schemas.ts'

/** wire/highlevel/surveys.json: `GET /surveys/`. */
const listSurveys = operation({
  name: 'surveys.list',
  title: 'List Surveys',
  description: 'The surveys of a location, by creation. There are no folders, so `type=folder` lists none.',
  category: 'Surveys',
  access: 'read',
  token: 'either',
  scope: ['surveys.readonly', 'surveys.write'],
  http: 'GET /surveys/',
  input: Type.Object(
    { locationId: Id(), skip: Skip(), limit: Limit(10, 50), type: Type.Optional(Type.String({ maxLength: 50 })) },
    { additionalProperties: false },
  ),
  output: Type.Object({
    surveys: Type.Array(Noun('ListedSurvey', { id: Type.String(), name: Type.String(), locationId: Type.String() })),
    total: Type.Integer(),
  }),
  async run(ctx, input) {
    if (input.type === 'folder') return { surveys: [], total: 0 }
    const rows = await listAssetRows(ctx.db, ctx.locationId, surveys.kind, {
      skip: input.skip,
      limit: input.limit ?? 10,
    })
    const total = await countAssets(ctx.db, ctx.locationId, surveys.kind)
    return { surveys: rows.map((row) => ({ id: row.id, name: row.name, locationId: ctx.locationId })), total }
  },
})

export const surveyOperations = [
  listSurveys,
  ...crudOperations({
    resource: surveys as unknown as AssetResource,
    path: '/surveys',
    name: 'surveys',
    category: 'Surveys',
    param: 'surveyId',
  }),
]
