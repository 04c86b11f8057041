import { Type } from 'typebox'
import { forms } from '../../resources/forms.ts'
import { type AssetResource, countAssets, listAssetRows } from '../../store/assets/index.ts'
import { crudOperations } from '../asset-crud.ts'
import { operation } from '../define.ts'
import { Id, Limit, Noun, Skip } from '../schemas.ts'

/** wire/highlevel/forms.json: `GET /forms/`. */
const listForms = operation({
  name: 'forms.list',
  title: 'List Forms',
  description: 'The forms of a location, by creation. There are no folders, so `type=folder` lists none.',
  category: 'Forms',
  access: 'read',
  token: 'either',
  scope: ['forms.readonly', 'forms.write'],
  http: 'GET /forms/',
  input: Type.Object(
    { locationId: Id(), skip: Skip(), limit: Limit(10, 100), type: Type.Optional(Type.String({ maxLength: 50 })) },
    { additionalProperties: false },
  ),
  output: Type.Object({
    forms: Type.Array(Noun('ListedForm', { id: Type.String(), name: Type.String(), locationId: Type.String() })),
    total: Type.Integer(),
  }),
  async run(ctx, input) {
    if (input.type === 'folder') return { forms: [], total: 0 }
    const rows = await listAssetRows(ctx.db, ctx.locationId, forms.kind, { skip: input.skip, limit: input.limit ?? 10 })
    const total = await countAssets(ctx.db, ctx.locationId, forms.kind)
    return { forms: rows.map((row) => ({ id: row.id, name: row.name, locationId: ctx.locationId })), total }
  },
})

export const formOperations = [
  listForms,
  ...crudOperations({
    resource: forms as unknown as AssetResource,
    path: '/forms',
    name: 'forms',
    category: 'Forms',
    param: 'formId',
  }),
]
