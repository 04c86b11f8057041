import { Type } from 'typebox'
import { invalid } from '../../errors.ts'
import { customFields } from '../../resources/custom-fields.ts'
import { contacts } from '../../resources/records/contacts.ts'
import { files } from '../../resources/records/files.ts'
import { opportunities } from '../../resources/records/opportunities.ts'
import { type Asset, type AssetResource, findAsset, listAssets } from '../../store/assets/index.ts'
import { allOf, equals, findRecord, hasId, holdRecord, removeRecords, updateRecord } from '../../store/records/index.ts'
import { ContactAnswer, toContact } from '../contacts/index.ts'
import { type Context, operation, type Upload } from '../define.ts'
import { FileUploads, Id } from '../schemas.ts'
import { checkTypes, type FileOwner, linksOf, MOST_FILES, type StoredFile, storeFiles } from './files.ts'

const fields = customFields as unknown as AssetResource
export const Links = () => Type.Record(Type.String(), Type.String(), { description: 'Name of a file -> its link.' })
/** wire/highlevel/forms.json: upload-to-custom-fields. */
const VALUES = [
  'pdf',
  'docx',
  'doc',
  'jpg',
  'jpeg',
  'png',
  'gif',
  'csv',
  'xlsx',
  'xls',
  'mp4',
  'mpeg',
  'zip',
  'rar',
  'txt',
  'svg',
]

/** A contact, an opportunity with its contact, or just a custom field. */
async function ownerOf(ctx: Context, id: string | undefined): Promise<FileOwner> {
  if (id === undefined) return {}
  if ((await holdRecord(ctx.scope, contacts, id)) !== null) return { contactId: id }
  const opportunity = await findRecord<{ contactId: string }>(ctx.db, opportunities, ctx.locationId, id)
  if (opportunity !== null) return { opportunityId: id, contactId: opportunity.document.contactId }
  if ((await findAsset(ctx.db, fields, ctx.locationId, id)) !== null) return { customFieldId: id }
  throw invalid([`id: there is no contact, opportunity or custom field ${id} in this location`])
}

/** The files by the custom field that their form field names: `<custom field>_<anything>`. */
async function byField(ctx: Context, uploads: readonly Upload[]): Promise<Map<Asset, Upload[]>> {
  const known = new Map((await listAssets(ctx.db, fields, ctx.locationId)).map((field) => [field.id, field]))
  const found = new Map<Asset, Upload[]>()
  for (const upload of uploads) {
    const field = known.get(upload.fieldName.split('_')[0] as string)
    if (field?.document.dataType !== 'FILE_UPLOAD')
      throw invalid([`${upload.fieldName}: begins with no id of a custom field for files`])
    found.set(field, [...(found.get(field) ?? []), upload])
  }
  for (const [{ document }, given] of found) {
    checkTypes(given, (document.acceptedFormat as string[] | undefined) ?? VALUES)
    checkTypes(given, VALUES)
  }
  return found
}

type FileValues = Record<string, { documentId: string; meta: object; url: string }>

/** What the field holds from now on, and the files that it holds no longer. */
function nextValue(
  { document }: Asset,
  present: unknown,
  stored: readonly StoredFile[],
): { value: FileValues; gone: string[] } {
  const isMap = typeof present === 'object' && present !== null && !Array.isArray(present)
  const before = isMap ? (present as FileValues) : {}
  const added: FileValues = Object.fromEntries(
    stored.map(({ id, url, meta }) => [id, { documentId: id, meta: { ...meta, uuid: id }, url }]),
  )
  const several = document.isMultiFileAllowed === true
  const most = several ? Number(document.maxFileLimit ?? MOST_FILES) : 1
  const value = several ? { ...before, ...added } : added
  if (Object.keys(value).length > most) throw invalid([`${document.name}: at most ${most} files`])
  const gone = several
    ? []
    : Object.values(before).flatMap((one) => (typeof one?.documentId === 'string' ? [one.documentId] : []))
  return { value, gone }
}

export const fieldFileOperations = [
  operation({
    category: 'Custom Fields',
    token: 'location',
    name: 'customFields.upload',
    title: 'Upload File to Custom Fields',
    description:
      'Stores files of any type and answers their links. `id` is what they are for: files of a contact or an ' +
      'opportunity go when it goes.',
    access: 'write',
    scope: fields.scopes.write,
    http: 'POST /locations/:locationId/customFields/upload',
    upload: { property: 'files', limit: 'fileBytes', most: MOST_FILES },
    input: Type.Object(
      {
        locationId: Id(),
        id: Type.Optional(Id('A contact, an opportunity or a custom field.')),
        maxFiles: Type.Optional(Type.String({ pattern: '^\\d{1,4}$', maxLength: 4, examples: ['15'] })),
        files: Type.Optional(FileUploads('Files, in fields of any name.', MOST_FILES)),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({
      uploadedFiles: Links(),
      meta: Type.Array(
        Type.Object({
          fieldname: Type.String(),
          originalname: Type.String(),
          encoding: Type.String(),
          mimetype: Type.String(),
          size: Type.Integer(),
          url: Type.String(),
        }),
      ),
    }),
    async run(ctx, { id, maxFiles, files: uploads = [] }) {
      if (uploads.length === 0) throw invalid(['files should not be empty'])
      if (maxFiles !== undefined && uploads.length > Number(maxFiles))
        throw invalid([`maxFiles: there are ${uploads.length} files`])
      const stored = await storeFiles(ctx, uploads, await ownerOf(ctx, id))
      return { uploadedFiles: linksOf(stored), meta: stored.map(({ meta, url }) => ({ ...meta, url })) }
    },
  }),
  operation({
    category: 'Custom Fields',
    token: 'location',
    name: 'contacts.uploadFiles',
    title: 'Upload Files to Custom Fields of a Contact',
    description:
      'Stores files as values of custom fields of the type FILE_UPLOAD. The field of the form is called `<custom field id>_<any id>`. A custom field for one file forgets the one it had. Answers the contact.',
    access: 'write',
    scope: 'forms.write',
    http: 'POST /forms/upload-custom-files',
    query: ['contactId', 'locationId'],
    upload: { property: 'files', limit: 'fileBytes', most: MOST_FILES },
    input: Type.Object(
      {
        contactId: Id(),
        locationId: Id(),
        files: Type.Optional(FileUploads('Files, each in a field that names its custom field.', MOST_FILES)),
      },
      { additionalProperties: false },
    ),
    output: Type.Object({ contact: ContactAnswer }),
    async run(ctx, { contactId, locationId, files: uploads = [] }) {
      if (uploads.length === 0) throw invalid(['files should not be empty'])
      // Locks the contact: of two uploads at once the second sees what the first made.
      await updateRecord(ctx.scope, contacts, contactId, ({ document }) => document)
      const stored = new Map<Asset, StoredFile[]>()
      for (const [field, given] of await byField(ctx, uploads))
        stored.set(field, await storeFiles(ctx, given, { contactId, customFieldId: field.id }))
      const forgotten: string[] = []
      const row = await updateRecord(ctx.scope, contacts, contactId, ({ document }) => {
        const values = new Map(
          (document.customFields as { id: string; value: unknown }[]).map(({ id, value }) => [id, value]),
        )
        for (const [field, added] of stored) {
          const { value, gone } = nextValue(field, values.get(field.id), added)
          values.set(field.id, value)
          forgotten.push(...gone)
        }
        return { ...document, customFields: [...values].map(([id, value]) => ({ id, value })) }
      })
      await removeRecords(ctx.scope, files, allOf([hasId(forgotten), equals('contactId', contactId)]))
      return { contact: toContact(row, locationId) }
    },
  }),
]
