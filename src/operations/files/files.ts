import { extname } from 'node:path'
import { Type } from 'typebox'
import { isLocation } from '../../auth/locations.ts'
import { AppError, invalid } from '../../errors.ts'
import { files } from '../../resources/records/files.ts'
import { createRecord, getRecord, streamFile, writeFile } from '../../store/records/index.ts'
import { type Context, operation, type Upload } from '../define.ts'
import { Id } from '../schemas.ts'

/** Told by the name, not by the client: `.jpg` is a picture whatever the request calls it. */
const TYPES: Record<string, string> = {
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.png': 'image/png',
  '.gif': 'image/gif',
  '.svg': 'image/svg+xml',
  '.mp3': 'audio/mpeg',
  '.wav': 'audio/x-wav',
  '.mp4': 'video/mp4',
  '.mpeg': 'video/mpeg',
  '.pdf': 'application/pdf',
  '.zip': 'application/zip',
  '.rar': 'application/vnd.rar',
  '.txt': 'text/plain; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.doc': 'application/msword',
  '.docx': 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  '.xls': 'application/vnd.ms-excel',
  '.xlsx': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
}
/**
 * What a browser shows without running anything. Everything else, pages and SVG above all, is only ever kept as a file.
 */
const INLINE = /^(image\/(jpeg|png|gif)|audio\/|video\/)/

export const MOST_FILES = 10

/** What a file belongs to. It goes when that goes. */
export interface FileOwner {
  contactId?: string | undefined
  conversationId?: string | undefined
  opportunityId?: string | undefined
  customFieldId?: string | undefined
}

export interface StoredFile {
  id: string
  name: string
  url: string
  /** As the wire tells it of an upload. */
  meta: { fieldname: string; originalname: string; encoding: string; mimetype: string; size: number }
}

const typeOf = ({ fileName, contentType }: Upload) =>
  TYPES[extname(fileName).toLowerCase()] ??
  (/^[\w.+-]{1,19}\/[\w.+-]{1,80}$/.test(contentType) ? contentType : 'application/octet-stream')

/** 415 for a file whose extension is not in the list; `all` takes any. */
export function checkTypes(uploads: readonly Pick<Upload, 'fileName'>[], allowed: readonly string[]): void {
  const extensions = allowed.map((one) => `.${one.trim().replace(/^\./, '').toLowerCase()}`)
  if (extensions.includes('.all')) return
  for (const { fileName } of uploads)
    if (!extensions.includes(extname(fileName).toLowerCase()))
      throw new AppError('file_type', { name: fileName, allowed: extensions.join(', ') })
}

export async function storeFiles(ctx: Context, uploads: readonly Upload[], owner: FileOwner): Promise<StoredFile[]> {
  const stored: StoredFile[] = []
  for (const upload of uploads) stored.push(await storeFile(ctx, upload, owner))
  return stored
}

async function storeFile(ctx: Context, upload: Upload, owner: FileOwner): Promise<StoredFile> {
  const { fieldName, sizeBytes, sha256 } = upload
  if (sizeBytes === 0) throw invalid([`${fieldName} should not be empty`])
  const name = nameOf(upload)
  const contentType = typeOf(upload)
  const { id } = await createRecord(ctx.scope, files, { name, contentType, sizeBytes, sha256, ...owner })
  await writeFile(ctx.tx, ctx.locationId, id, upload.read())
  const mimetype = contentType.replace(/;.*/, '')
  const meta = { fieldname: fieldName, originalname: name, encoding: '7bit', mimetype, size: sizeBytes }
  return { id, name, url: linkOf(ctx, id, name), meta }
}

/** The last part of a path, without what no file system takes. */
function nameOf({ fileName }: Upload): string {
  const name = (fileName.split(/[\\/]/).at(-1) ?? '')
    .replace(/\p{Cc}/gu, '')
    .trim()
    .toWellFormed()
  const extension = extname(name).slice(0, 20)
  return name === '' ? 'file' : `${name.slice(0, name.length - extname(name).length).slice(0, 200)}${extension}`
}

/** The name in the link is for people only. */
export const linkOf = (ctx: Context, id: string, name: string) =>
  `${ctx.publicUrl()}/files/${ctx.locationId}/${id}/${name.replace(/[^\w.-]+/g, '_').slice(-100)}`

/** Name -> link. Of two files with one name the second is numbered. */
export function linksOf(stored: readonly { name: string; url: string }[]): Record<string, string> {
  const links = new Map<string, string>()
  for (const { name, url } of stored) {
    const extension = extname(name)
    let free = name
    for (let number = 2; links.has(free); number++)
      free = `${name.slice(0, name.length - extension.length)} (${number})${extension}`
    links.set(free, url)
  }
  return Object.fromEntries(links)
}

export const getFile = operation({
  category: 'Conversations & Messages',
  name: 'files.get',
  title: 'Get File',
  description:
    'An uploaded file, whole or in part (HTTP ranges). The link is the key: whoever has it may read the file, and ' +
    'nobody can guess it.',
  access: 'read',
  token: 'none',
  scope: files.scopes.read,
  http: 'GET /files/:locationId/:fileId/:fileName',
  input: Type.Object(
    { locationId: Id(), fileId: Id(), fileName: Type.String({ maxLength: 300 }) },
    { additionalProperties: false },
  ),
  output: 'stream',
  async run(ctx, { locationId, fileId }) {
    const { id, document } = await getRecord<(typeof files)['examples'][number]>(ctx.db, files, locationId, fileId)
    if (!(await isLocation(ctx.db, locationId))) throw new AppError('not_found', { what: files.noun, id: fileId })
    const { name, contentType, sizeBytes, sha256 } = document
    return {
      contentType,
      fileName: name,
      inline: INLINE.test(contentType),
      ...streamFile(ctx.db, { locationId, id, sizeBytes, sha256 }),
    }
  },
})
