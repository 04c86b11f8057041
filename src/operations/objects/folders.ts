import { Type } from 'typebox'
import { AppError } from '../../errors.ts'
import { toKey } from '../../resources/key-of-name.ts'
import { objectFields } from '../../resources/object-fields.ts'
import { type Asset, createAsset, deleteAsset, getAsset, updateAsset } from '../../store/assets/index.ts'
import { type Context, operation } from '../define.ts'
import { Id, Noun } from '../schemas.ts'
import { common, ObjectKey, objectWithFields, ofObject, removed } from './fields.ts'
import { fieldKind, listFields } from './find.ts'

const { write } = fieldKind.scopes
const { name: Name } = objectFields.schema.properties
const locate = { kind: fieldKind.kind, param: 'id' }
const Folder = Noun('FieldFolder', {
  id: Type.String(),
  objectKey: Type.String(),
  locationId: Type.String(),
  name: Type.String(),
})

const toFolder = ({ id, document }: Asset, locationId: string) => ({
  id,
  objectKey: String(document.objectKey),
  locationId,
  name: String(document.name),
})

/** 404 for a field. */
async function getFolder(ctx: Context, id: string): Promise<Asset> {
  const folder = await getAsset(ctx.db, fieldKind, ctx.locationId, id)
  if (folder.document.documentType !== 'folder') throw new AppError('not_found', { what: 'folder', id })
  return folder
}

/** wire/highlevel/custom-fields.json: the folders. */
export const fieldFolderOperations = [
  operation({
    ...common,
    name: 'objectFields.createFolder',
    title: 'Create Custom Field Folder',
    access: 'write',
    scope: write,
    http: 'POST /custom-fields/folder',
    status: 201,
    input: Type.Object({ locationId: Id(), objectKey: ObjectKey(), name: Name }, { additionalProperties: false }),
    output: Folder,
    async run(ctx, { locationId, objectKey, name }) {
      const object = await objectWithFields(ctx, objectKey)
      const document = {
        name,
        ...ofObject(object),
        documentType: 'folder',
        dataType: 'TEXT',
        fieldKey: `${object.key}.folder.${toKey(name)}`,
      }
      return toFolder(await createAsset(ctx.scope, fieldKind, document), locationId)
    },
  }),
  operation({
    ...common,
    locate,
    name: 'objectFields.updateFolder',
    title: 'Update Custom Field Folder Name',
    access: 'write',
    scope: write,
    http: 'PUT /custom-fields/folder/:id',
    input: Type.Object({ id: Id(), locationId: Id(), name: Name }, { additionalProperties: false }),
    output: Folder,
    async run(ctx, { id, locationId, name }) {
      await getFolder(ctx, id)
      return toFolder(
        await updateAsset(ctx.scope, fieldKind, id, ({ document }) => ({ ...document, name })),
        locationId,
      )
    },
  }),
  operation({
    ...common,
    locate,
    name: 'objectFields.deleteFolder',
    title: 'Delete Custom Field Folder',
    description: 'Removes a folder. Its fields stay, in none.',
    access: 'destructive',
    scope: write,
    http: 'DELETE /custom-fields/folder/:id',
    input: Type.Object({ id: Id(), locationId: Id() }, { additionalProperties: false }),
    output: removed,
    async run(ctx, { id }) {
      const { document } = await getFolder(ctx, id)
      const inside = (await listFields(ctx, { key: String(document.objectKey) })).filter(
        (field) => field.document.parentId === id,
      )
      for (const field of inside)
        await updateAsset(ctx.scope, fieldKind, field.id, ({ document: { parentId: _, ...rest } }) => rest)
      await deleteAsset(ctx.scope, fieldKind, id)
      return { succeded: true, id, key: String(document.fieldKey) }
    },
  }),
]
