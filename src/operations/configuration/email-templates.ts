import { Type } from 'typebox'
import { emailTemplates } from '../../resources/email-templates.ts'
import {
  type Asset,
  type AssetResource,
  createAsset,
  deleteAsset,
  getAsset,
  listAssets,
  updateAsset,
} from '../../store/assets/index.ts'
import { toWire, wireSchema } from '../asset-crud.ts'
import { operation } from '../define.ts'
import { Id, Limit, Noun, Skip } from '../schemas.ts'
import { Template, toTemplate, withEditor } from './email-templates-wire.ts'

const resource = emailTemplates as unknown as AssetResource
const { name, ...properties } = emailTemplates.schema.properties
const common = {
  category: 'E-mail Templates',
  token: 'either',
  locate: { kind: resource.kind, param: 'templateId' },
} as const
const { read, write } = resource.scopes
const Text = () => Type.Optional(Type.String({ maxLength: 200 }))
const Listed = Noun('ListedEmailTemplate', {
  id: Type.String(),
  name: Type.String(),
  type: Type.Enum(['template', 'folder']),
  templateType: Type.String(),
  editorType: Type.String(),
  lastUpdated: Type.String(),
  dateAdded: Type.String(),
  version: Type.String(),
})
const Saved = Type.Object({ ok: Type.String(), traceId: Type.String() })

function toListed(template: Asset) {
  const { type, updatedBy, builderVersion = '2', parentId } = template.document as Record<string, string>
  const { isPlainText, editorType } = toTemplate(template)
  return {
    id: template.id,
    name: template.name,
    type: type === 'folder' ? ('folder' as const) : ('template' as const),
    templateType: type as string,
    isPlainText,
    editorType,
    version: builderVersion,
    lastUpdated: template.updatedAt.toISOString(),
    dateAdded: template.createdAt.toISOString(),
    ...(updatedBy === undefined ? {} : { updatedBy }),
    ...(parentId === undefined ? {} : { parentId }),
  }
}

const isIn = (parentId: unknown, folderId: string | undefined) =>
  !folderId || (folderId === 'root' ? parentId === undefined : parentId === folderId)

/**
 * wire/highlevel/emails.json: the four builder operations; reading one with its content is ours. The specification
 * shows a single template as the answer of the list: here the list is in `builders`.
 */
export const emailTemplateOperations = [
  operation({
    ...common,
    locate: null,
    name: 'emails.list',
    title: 'List E-mail Templates',
    description:
      'The e-mail templates of a location, newest change first with `sortByDate=desc`. With `parentId`, those in ' +
      'that folder.',
    access: 'read',
    scope: [read, write],
    http: 'GET /emails/builder',
    input: Type.Object(
      {
        locationId: Id(),
        limit: Limit(20, 500),
        offset: Skip(),
        search: Text(),
        sortByDate: Text(),
        archived: Text(),
        builderVersion: properties.builderVersion,
        name: Text(),
        parentId: Text(),
        originId: Text(),
        templatesOnly: Text(),
        sortBy: Type.Optional(Type.Enum(['updatedAt'])),
        include: Type.Optional(Type.Enum(['all', 'templates', 'folders'])),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({ builders: Type.Array(Listed), total: Type.Integer(), traceId: Type.String() }),
    async run(ctx, { locationId, limit = 20, offset = 0, ...filter }) {
      const all = await listAssets(ctx.db, resource, locationId, { search: filter.search ?? filter.name })
      const found = all.filter(
        ({ document }) =>
          isIn(document.parentId, filter.parentId) &&
          (filter.builderVersion === undefined || (document.builderVersion ?? '2') === filter.builderVersion) &&
          ((filter.templatesOnly !== 'true' && filter.include !== 'templates') || document.type !== 'folder') &&
          (filter.include !== 'folders' || document.type === 'folder') &&
          (document.archived === true) === (filter.archived === 'true'),
      )
      if (filter.sortByDate || filter.sortBy)
        found.sort(
          (a, b) =>
            (a.updatedAt.getTime() - b.updatedAt.getTime()) * (filter.sortByDate?.toLowerCase() === 'asc' ? 1 : -1),
        )
      return { builders: found.slice(offset, offset + limit).map(toListed), total: found.length, traceId: ctx.traceId }
    },
  }),
  operation({
    ...common,
    locate: null,
    name: 'emails.create',
    title: 'Create E-mail Template',
    description: 'Stores a new e-mail template or folder. The answer’s `redirect` is its id, and its `id`.',
    access: 'write',
    scope: write,
    http: 'POST /emails/builder',
    status: 201,
    input: Type.Object(
      { locationId: Id(), name: Type.Optional(name), ...properties, type: Type.Optional(properties.type) },
      { additionalProperties: false },
    ),
    output: Type.Object({ redirect: Type.String(), ...Template.properties }),
    async run(ctx, { locationId: _, name: given, ...document }) {
      const called = given ?? (document.title?.slice(0, 200) || 'New Template')
      const made = { type: 'html', builderVersion: '2', ...withEditor(document), name: called }
      const template = await createAsset(ctx.scope, resource, made)
      return { redirect: template.id, ...toTemplate(template), traceId: ctx.traceId }
    },
  }),
  operation({
    ...common,
    name: 'emails.get',
    title: 'Get E-mail Template',
    description: 'One e-mail template with its content.',
    access: 'read',
    scope: [read, write],
    http: 'GET /emails/builder/:templateId',
    input: Type.Object({ templateId: Id() }, { additionalProperties: false }),
    output: Type.Object({ builder: wireSchema(resource), ...Template.properties }),
    async run(ctx, { templateId }) {
      const found = await getAsset(ctx.db, resource, ctx.locationId, templateId)
      return { builder: toWire(found, ctx.locationId), ...toTemplate(found), traceId: ctx.traceId }
    },
  }),
  operation({
    ...common,
    name: 'emails.update',
    title: 'Update E-mail Template',
    description: 'Replaces the content that the body names and keeps the rest.',
    access: 'write',
    scope: write,
    http: 'POST /emails/builder/data',
    status: 201,
    input: Type.Object(
      {
        locationId: Id(),
        templateId: Id(),
        updatedBy: properties.updatedBy,
        dnd: properties.dnd,
        html: properties.html,
        editorType: properties.editorType,
        previewText: properties.previewText,
        isPlainText: properties.isPlainText,
        subject: properties.subject,
        name: Type.Optional(name),
      },
      { additionalProperties: false },
    ),
    output: Saved,
    async run(ctx, { locationId: _, templateId, ...changes }) {
      await updateAsset(ctx.scope, resource, templateId, ({ document }) => ({ ...document, ...changes }))
      return { ok: 'true', traceId: ctx.traceId }
    },
  }),
  operation({
    ...common,
    name: 'emails.delete',
    title: 'Delete E-mail Template',
    description: 'Removes the e-mail template. What refers to it is listed under broken references.',
    access: 'destructive',
    scope: write,
    http: 'DELETE /emails/builder/:locationId/:templateId',
    input: Type.Object({ locationId: Id(), templateId: Id() }, { additionalProperties: false }),
    output: Saved,
    async run(ctx, { templateId }) {
      await deleteAsset(ctx.scope, resource, templateId)
      return { ok: 'true', traceId: ctx.traceId }
    },
  }),
]
