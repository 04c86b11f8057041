import { Type } from 'typebox'
import { invalid } from '../../errors.ts'
import { emailTemplates } from '../../resources/email-templates.ts'
import { type AssetResource, createAsset, updateAsset } from '../../store/assets/index.ts'
import { operation } from '../define.ts'
import { Id, orNull } from '../schemas.ts'
import { Template, toTemplate, withEditor } from './email-templates-wire.ts'

const resource = emailTemplates as unknown as AssetResource
const { name, ...properties } = emailTemplates.schema.properties
const common = { category: 'E-mail Templates', token: 'either', access: 'write', scope: resource.scopes.write } as const
const at = '/emails/locations/:locationId/templates'
const made = { updatedBy: properties.updatedBy, parentId: properties.parentId }

/** New with v3 (highlevel-api-docs, apps/v3/emails-v3.json); there for all versions. */
export const emailFolderOperations = [
  operation({
    ...common,
    name: 'emails.createFolder',
    title: 'Create Template Folder',
    description: 'Stores a new folder of e-mail templates.',
    http: `POST ${at}/folders`,
    status: 201,
    input: Type.Object({ locationId: Id(), name, updatedBy: made.updatedBy }, { additionalProperties: false }),
    output: Template,
    async run(ctx, { locationId: _, ...document }) {
      const folder = await createAsset(ctx.scope, resource, { ...document, type: 'folder', builderVersion: '2' })
      return { ...toTemplate(folder), traceId: ctx.traceId }
    },
  }),
  operation({
    ...common,
    name: 'emails.import',
    title: 'Import E-mail Template',
    description: 'Stores a template that stands elsewhere, by its address: Tintype fetches nothing.',
    http: `POST ${at}/import`,
    status: 201,
    input: Type.Object(
      {
        locationId: Id(),
        name: Type.Optional(name),
        importProvider: Type.Enum(['mailchimp', 'active_campaign']),
        importURL: Type.String({ minLength: 1, maxLength: 2000 }),
        ...made,
      },
      { additionalProperties: false },
    ),
    output: Template,
    async run(ctx, { locationId: _, name: called = 'New Template', ...document }) {
      const template = { ...document, name: called, type: 'import', editorType: 'html', builderVersion: '2' }
      return { ...toTemplate(await createAsset(ctx.scope, resource, template)), traceId: ctx.traceId }
    },
  }),
  operation({
    ...common,
    locate: { kind: resource.kind, param: 'templateId' },
    name: 'emails.change',
    title: 'Change E-mail Template',
    description: 'Replaces what the body names and keeps the rest. A template without a folder stands at the top.',
    http: `PATCH ${at}/:templateId`,
    input: Type.Object(
      {
        locationId: Id(),
        templateId: Id(),
        name: Type.Optional(name),
        html: properties.html,
        editorType: Type.Optional(Type.Enum(['html', 'text'])),
        previewText: properties.previewText,
        subject: properties.subject,
        fromName: properties.fromName,
        fromEmail: properties.fromEmail,
        archived: properties.archived,
        parentId: Type.Optional(orNull(Id())),
        updatedBy: made.updatedBy,
      },
      { additionalProperties: false },
    ),
    output: Template,
    async run(ctx, { locationId: _, templateId, ...changes }) {
      if ((changes.html === undefined) !== (changes.editorType === undefined))
        throw invalid(['editorContent and editorType are given together'])
      const template = await updateAsset(ctx.scope, resource, templateId, ({ document }) => {
        const { parentId, ...rest } = { ...document, ...withEditor(changes) }
        const isHtml = changes.editorType === 'html'
        return { ...rest, ...(parentId ? { parentId } : {}), ...(isHtml ? { isPlainText: false } : {}) }
      })
      return { ...toTemplate(template), traceId: ctx.traceId }
    },
  }),
]
