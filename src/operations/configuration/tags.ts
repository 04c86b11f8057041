import { Type } from 'typebox'
import { tags } from '../../resources/tags.ts'
import {
  type AssetResource,
  createAsset,
  deleteAsset,
  getAsset,
  listAssets,
  updateAsset,
} from '../../store/assets/index.ts'
import { lockTagNames, renameTagOnContacts } from '../../store/records/index.ts'
import { toWire, wireSchema } from '../asset-crud.ts'
import { operation } from '../define.ts'
import { DONE, Done, Id, Name } from '../schemas.ts'

const resource = tags as unknown as AssetResource
const locate = { kind: resource.kind, param: 'tagId' }
const read = [resource.scopes.read, resource.scopes.write]
const Tag = wireSchema(resource)
const answer = Type.Object({ tag: Tag })
const common = { category: 'Tags', token: 'either', locate } as const

/** wire/highlevel/locations.json: get-location-tags and its four neighbours. Creating answers 200 there, not 201. */
export const tagOperations = [
  operation({
    ...common,
    locate: null,
    name: 'tags.list',
    title: 'List Tags',
    description: 'The tags of a location, by creation.',
    access: 'read',
    scope: read,
    http: 'GET /locations/:locationId/tags',
    input: Type.Object({ locationId: Id() }, { additionalProperties: false }),
    output: Type.Object({ tags: Type.Array(Tag) }),
    async run(ctx, { locationId }) {
      const all = await listAssets(ctx.db, resource, locationId)
      return { tags: all.map((tag) => toWire(tag, locationId)) as never }
    },
  }),
  operation({
    ...common,
    locate: null,
    name: 'tags.create',
    title: 'Create Tag',
    description: 'Stores a new tag. Two tags of a location cannot have one name, whatever its case.',
    access: 'write',
    scope: resource.scopes.write,
    http: 'POST /locations/:locationId/tags',
    input: Type.Object({ locationId: Id(), name: Name() }, { additionalProperties: false }),
    output: answer,
    async run(ctx, { locationId, name }) {
      return { tag: toWire(await createAsset(ctx.scope, resource, { name }), locationId) }
    },
  }),
  operation({
    ...common,
    name: 'tags.get',
    title: 'Get Tag',
    access: 'read',
    scope: read,
    http: 'GET /locations/:locationId/tags/:tagId',
    input: Type.Object({ locationId: Id(), tagId: Id() }, { additionalProperties: false }),
    output: answer,
    async run(ctx, { locationId, tagId }) {
      return { tag: toWire(await getAsset(ctx.db, resource, locationId, tagId), locationId) }
    },
  }),
  operation({
    ...common,
    name: 'tags.update',
    title: 'Update Tag',
    description: 'Renames the tag, on the contacts that have it too.',
    access: 'write',
    scope: resource.scopes.write,
    http: 'PUT /locations/:locationId/tags/:tagId',
    input: Type.Object({ locationId: Id(), tagId: Id(), name: Name() }, { additionalProperties: false }),
    output: answer,
    async run(ctx, { locationId, tagId, name }) {
      await lockTagNames(ctx.tx, [locationId])
      let from = name
      const tag = await updateAsset(ctx.scope, resource, tagId, ({ document }) => {
        from = document.name as string
        return { ...document, name }
      })
      if (from !== name) await renameTagOnContacts(ctx.tx, ctx.author, [{ locationId, from, to: name }])
      return { tag: toWire(tag, locationId) }
    },
  }),
  operation({
    ...common,
    name: 'tags.delete',
    title: 'Delete Tag',
    description: 'Removes the tag. What refers to it is listed under broken references.',
    access: 'destructive',
    scope: resource.scopes.write,
    http: 'DELETE /locations/:locationId/tags/:tagId',
    input: Type.Object({ locationId: Id(), tagId: Id() }, { additionalProperties: false }),
    output: Done(),
    async run(ctx, { locationId, tagId }) {
      await lockTagNames(ctx.tx, [locationId])
      await deleteAsset(ctx.scope, resource, tagId)
      return DONE
    },
  }),
]
