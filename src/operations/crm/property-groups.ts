import { Type } from 'typebox'
import { AppError } from '../../errors.ts'
import { groupOf } from '../../objects/index.ts'
import { createAsset, deleteAsset, lockLocation, updateAsset } from '../../store/assets/index.ts'
import { type Context, operation } from '../define.ts'
import { reads, typePath, writes } from './declare.ts'
import { lines } from './lines.ts'
import { folderPrefix, GroupAnswer, Order } from './property-shapes.ts'
import { fieldKind, groupName, listDefined, readAssets } from './property-writes.ts'
import { objectNotFound, refused } from './refusals.ts'
import { openShelf, type Shelf } from './shelf.ts'

const at = (method: string, rest = '') => lines(method, 'properties', `/:objectType/groups${rest}`)
const path = { ...typePath, groupName: Type.String({ minLength: 1, maxLength: 200, examples: ['contactinformation'] }) }
const Label = () => Type.String({ minLength: 1, maxLength: 200 })
const NAME = /^[a-z0-9_-]{1,100}$/i

interface Group {
  /** Null: every portal has it. */
  assetId: string | null
  answer: GroupAnswer
}

/** The groups of a type: those that its properties name, and the folders of the other wire. */
async function listGroups(ctx: Context, shelf: Shelf): Promise<Group[]> {
  const { folders } = await readAssets(ctx, shelf)
  const made = folders.map((folder): Group => {
    const { displayOrder = -1 } = (folder.document.wire ?? {}) as { displayOrder?: number }
    const name = groupName(shelf, folder)
    return {
      assetId: folder.id,
      answer: { name, label: String(folder.document.name), displayOrder, archived: false },
    }
  })
  const standard = new Set([groupOf(shelf.type), ...shelf.map.all.map(({ group }) => group)])
  const own = [...standard].filter((name) => !made.some(({ answer }) => answer.name === name))
  const label = (name: string) => `${shelf.type.label} ${name.replace(shelf.type.name, '').replaceAll('_', ' ')}`
  return [
    ...own.map(
      (name): Group => ({ assetId: null, answer: { name, label: label(name), displayOrder: 0, archived: false } }),
    ),
    ...made,
  ]
}

async function getGroup(ctx: Context, shelf: Shelf, name: string): Promise<Group> {
  const found = (await listGroups(ctx, shelf)).find(({ answer }) => answer.name === name)
  if (found === undefined) throw objectNotFound()
  return found
}

const ofPortal = (name: string) => refused(`Property group "${name}" is read only: it cannot be changed`)

/** wire/hubspot.md, "Properties": groups are the folders of the other wire. */
export const propertyGroupOperations = [
  operation({
    ...reads,
    ...at('GET'),
    name: 'propertyGroups.list',
    title: 'List Property Groups of a Type',
    input: Type.Object(typePath),
    output: Type.Object({ results: Type.Array(GroupAnswer) }),
    async run(ctx, { objectType }) {
      const shelf = await openShelf(ctx, objectType, 'read')
      return { results: (await listGroups(ctx, shelf)).map(({ answer }) => answer) }
    },
  }),
  operation({
    ...writes,
    ...at('POST'),
    name: 'propertyGroups.create',
    title: 'Create Property Group of a Type',
    status: 201,
    input: Type.Object({
      ...typePath,
      name: Type.String({ minLength: 1, maxLength: 100, examples: ['favourites'] }),
      label: Label(),
      displayOrder: Type.Optional(Order()),
    }),
    output: GroupAnswer,
    async run(ctx, { objectType, name, label, displayOrder }) {
      const shelf = await openShelf(ctx, objectType, 'write')
      if (!NAME.test(name)) throw refused('A name is made of letters, digits, underscores and dashes')
      await lockLocation(ctx.tx, ctx.locationId)
      if ((await listGroups(ctx, shelf)).some(({ answer }) => answer.name.toLowerCase() === name.toLowerCase()))
        throw new AppError('property_exists', { what: 'A property group', name })
      const { fields, custom } = shelf.type
      await createAsset(ctx.scope, fieldKind(shelf), {
        name: label,
        fieldKey: `${folderPrefix(shelf.type)}${name}`,
        documentType: 'folder',
        dataType: 'TEXT',
        ...(fields.kind === 'custom_fields' ? { model: fields.model, position: 0 } : { objectKey: fields.objectKey }),
        ...(custom === null ? {} : { objectId: custom.assetId }),
        ...(displayOrder === undefined ? {} : { wire: { displayOrder } }),
      })
      return (await getGroup(ctx, shelf, name)).answer
    },
  }),
  operation({
    ...reads,
    ...at('GET', '/:groupName'),
    name: 'propertyGroups.get',
    title: 'Get Property Group of a Type',
    input: Type.Object(path),
    output: GroupAnswer,
    async run(ctx, { objectType, groupName: name }) {
      return (await getGroup(ctx, await openShelf(ctx, objectType, 'read'), name)).answer
    },
  }),
  operation({
    ...writes,
    ...at('PATCH', '/:groupName'),
    name: 'propertyGroups.update',
    title: 'Update Property Group of a Type',
    input: Type.Object({ ...path, label: Type.Optional(Label()), displayOrder: Type.Optional(Order()) }),
    output: GroupAnswer,
    async run(ctx, { objectType, groupName: name, label, displayOrder }) {
      const shelf = await openShelf(ctx, objectType, 'write')
      const { assetId } = await getGroup(ctx, shelf, name)
      if (assetId === null) throw ofPortal(name)
      await updateAsset(ctx.scope, fieldKind(shelf), assetId, ({ document }) => ({
        ...document,
        ...(label === undefined ? {} : { name: label }),
        ...(displayOrder === undefined ? {} : { wire: { ...(document.wire as object | undefined), displayOrder } }),
      }))
      return (await getGroup(ctx, shelf, name)).answer
    },
  }),
  operation({
    ...writes,
    ...at('DELETE', '/:groupName'),
    name: 'propertyGroups.archive',
    title: 'Archive Property Group of a Type',
    description: 'It must be empty.',
    access: 'destructive',
    status: 204,
    input: Type.Object(path),
    output: Type.Null(),
    async run(ctx, { objectType, groupName: name }) {
      const shelf = await openShelf(ctx, objectType, 'write')
      const { assetId } = await getGroup(ctx, shelf, name)
      if (assetId === null) throw ofPortal(name)
      if ((await listDefined(ctx, shelf)).some(({ group }) => group === name))
        throw refused(`Property group "${name}" still has properties`)
      await deleteAsset(ctx.scope, fieldKind(shelf), assetId)
      return null
    },
  }),
]
