import { Type } from 'typebox'
import { together } from '../../db/session.ts'
import { contacts } from '../../resources/records/contacts.ts'
import { tags as tagResource } from '../../resources/tags.ts'
import { type AssetResource, createAssets, lockLocation, missingKeys } from '../../store/assets/index.ts'
import { adding, eachOnce, naturalKey, taking, toTags, without } from '../../store/natural-key.ts'
import { holdTagNames, updateNamed, updateRecord } from '../../store/records/index.ts'
import { type Context, operation, type Writing } from '../define.ts'
import { DONE, doneFields, Id } from '../schemas.ts'

const { write } = contacts.scopes
const common = { category: 'Contacts', token: 'location', scope: write } as const
const TagNames = () => Type.Array(Type.String({ maxLength: 200 }), { maxItems: 500 })
const input = Type.Object({ contactId: Id(), tags: TagNames() }, { additionalProperties: false })

/**
 * Those that the location does not have yet: one trip, or none. The others keep their names until the transaction ends.
 */
export async function missingTags(ctx: Writing, names: readonly string[]): Promise<string[]> {
  if (names.length === 0) return []
  const [, missing] = await together(ctx.tx, () => [
    holdTagNames(ctx.tx, ctx.locationId),
    missingKeys(ctx.tx, ctx.locationId, tagResource.kind, names.map(naturalKey)),
  ])
  return names.filter((name) => missing.includes(naturalKey(name)))
}

/**
 * Makes the tags that the location does not have yet: a tag comes into being with the first contact that bears it.
 * Always before the contacts are written: the location is locked before its records. `missing`: what `missingTags` has
 * found already.
 */
export async function ensureTags(ctx: Writing, names: readonly string[], missing?: readonly string[]): Promise<void> {
  if ((missing ?? (await missingTags(ctx, names))).length === 0) return
  await lockLocation(ctx.tx, ctx.locationId)
  const made = await missingTags(ctx, names)
  if (made.length > 0)
    await createAssets(
      ctx.scope,
      tagResource as unknown as AssetResource,
      made.map((name) => ({ name })),
    )
}

const tagsOf = (document: Record<string, unknown>) => (document.tags ?? []) as string[]

/** Makes the tags that are not there and adds them to the contact. */
export async function addTags(
  ctx: Context,
  contactId: string,
  wanted: readonly string[],
): Promise<{ tags: string[]; tagsAdded: string[] }> {
  await ensureTags(ctx, wanted)
  let before: string[] = []
  const { document } = await updateRecord(ctx.scope, contacts, contactId, (current) => {
    before = tagsOf(current.document)
    return { ...current.document, tags: eachOnce([...before, ...wanted]) }
  })
  return { tags: tagsOf(document), tagsAdded: without(wanted, before) }
}

/**
 * wire/highlevel/contacts.json: add-tags, remove-tags, create-association (the bulk update of tags bears that name
 * there).
 */
export const contactTagOperations = [
  operation({
    ...common,
    name: 'contacts.addTags',
    title: 'Add Tags to Contact',
    description: 'Tag contacts for organization. A tag that the location does not have yet is made.',
    access: 'write',
    http: 'POST /contacts/:contactId/tags',
    status: 201,
    input,
    output: Type.Object({ tags: Type.Array(Type.String()), tagsAdded: Type.Array(Type.String()) }),
    async run(ctx, { contactId, tags }) {
      return addTags(ctx, contactId, toTags(tags))
    },
  }),
  operation({
    ...common,
    name: 'contacts.removeTags',
    title: 'Remove Tags from Contact',
    description: 'Remove specific tags',
    access: 'write',
    http: 'DELETE /contacts/:contactId/tags',
    hasBody: true,
    input,
    output: Type.Object({ tags: Type.Array(Type.String()), tagsRemoved: Type.Array(Type.String()) }),
    async run(ctx, { contactId, tags }) {
      const unwanted = toTags(tags)
      let before: string[] = []
      const { document } = await updateRecord(ctx.scope, contacts, contactId, (current) => {
        before = tagsOf(current.document)
        return { ...current.document, tags: without(before, unwanted) }
      })
      return { tags: tagsOf(document), tagsRemoved: without(unwanted, without(unwanted, before)) }
    },
  }),
  operation({
    ...common,
    name: 'contacts.bulkTags',
    heavy: true,
    title: 'Bulk Update Contact Tags',
    description: 'Add or remove multiple tags at once. Contacts that are not there are counted as errors.',
    access: 'write',
    http: 'POST /contacts/bulk/tags/update/:type',
    status: 201,
    input: Type.Object(
      {
        type: Type.Enum(['add', 'remove']),
        locationId: Id(),
        contacts: Type.Array(Id(), { maxItems: 1000 }),
        tags: TagNames(),
        removeAllTags: Type.Optional(Type.Boolean()),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({ ...doneFields, errorCount: Type.Number(), responses: Type.Array(Type.String()) }),
    async run(ctx, { type, contacts: ids, tags, removeAllTags = false }) {
      const named = toTags(tags)
      if (type === 'add') await ensureTags(ctx, named)
      const change = type === 'add' ? adding(named) : removeAllTags ? () => [] : taking(named)
      const found = await updateNamed(ctx.scope, contacts, ids, ({ document }) => ({
        ...document,
        tags: change(tagsOf(document)),
      }))
      const wanted = [...new Set(ids)]
      return { ...DONE, errorCount: wanted.length - found.size, responses: wanted.filter((id) => found.has(id)) }
    },
  }),
]
