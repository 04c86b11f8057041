import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import multipart, { type MultipartFile } from '@fastify/multipart'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { TSchema } from 'typebox'
import type { Config } from '../config.ts'
import { AppError, invalid } from '../errors.ts'
import type { Operation, Upload } from '../operations/define.ts'
import { coerceText } from '../store/validate.ts'

const MAX_FIELDS = 100

/** Routes of this scope also take multipart/form-data. */
export async function acceptForms(scope: FastifyInstance): Promise<void> {
  await scope.register(multipart)
}

/** A file on disk while its request lasts: it is never wholly in memory, and a transaction that is tried again reads it again. */
class SpooledFile implements Upload {
  readonly fieldName: string
  readonly fileName: string
  readonly contentType: string
  readonly sizeBytes: number
  readonly sha256: string
  readonly #path: string

  constructor(part: { fieldname: string; filename: string; mimetype: string }, stored: { path: string; sizeBytes: number; sha256: string }) {
    this.fieldName = part.fieldname
    this.fileName = part.filename ?? ''
    this.contentType = part.mimetype ?? ''
    this.sizeBytes = stored.sizeBytes
    this.sha256 = stored.sha256
    this.#path = stored.path
  }

  read(): AsyncIterable<Uint8Array> {
    return createReadStream(this.#path)
  }

  remove(): Promise<void> {
    return rm(this.#path, { force: true })
  }
}

export const isUpload = (value: unknown): boolean => (Array.isArray(value) ? value.every(isUpload) : value instanceof SpooledFile)

/** A multipart body as the object a JSON body would be, the file under its property. Disposing of it removes the file. */
export interface Form extends AsyncDisposable {
  body: Record<string, unknown>
}

/** Null: the request has another kind of body. */
export async function readForm(operation: Operation, config: Config, request: FastifyRequest): Promise<Form | null> {
  if (operation.upload === null || !request.isMultipart()) return null
  const { property, limit, most } = operation.upload
  const texts = new Map<string, string[]>()
  const body: Record<string, unknown> = {}
  const form: Form = {
    body,
    async [Symbol.asyncDispose]() {
      for (const value of Object.values(body).flat()) if (value instanceof SpooledFile) await value.remove()
    },
  }
  let letters = 0
  try {
    const files = most ?? 1
    const limits = { files, fileSize: config[limit], fields: MAX_FIELDS, fieldSize: config.bodyBytes, parts: MAX_FIELDS + files }
    for await (const part of request.parts({ limits })) {
      if (part.type === 'file') {
        if (most !== undefined) body[property] = [...((body[property] ?? []) as SpooledFile[]), await spool(part)]
        else if (part.fieldname === property) body[property] = await spool(part)
        else {
          part.file.resume()
          body[part.fieldname] = null
        }
        continue
      }
      const text = String(part.value)
      letters += text.length
      if (part.valueTruncated || letters > config.bodyBytes) throw new AppError('body_too_large', { limit: config.bodyBytes })
      texts.set(part.fieldname, [...(texts.get(part.fieldname) ?? []), text])
    }
  } catch (error) {
    await form[Symbol.asyncDispose]()
    if ((error as { code?: string }).code === 'FST_FILES_LIMIT') throw invalid([`${property}: at most ${most ?? 1} files at a time`])
    throw (error as { statusCode?: number }).statusCode === 413 ? new AppError('body_too_large', { limit: config[limit] }, { cause: error }) : error
  }
  for (const [name, values] of texts) body[name] ??= toValue(operation.input.properties[name], values)
  return form
}

/** The text file that a multipart body brings; any other body as it is. What is no form, or brings no file, stays as it is too: its reader says what is wrong. */
export function fileInForm(body: string, contentType = ''): string {
  const [, quoted, plain] = /^multipart\/form-data\s*;.*?boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType) ?? []
  const boundary = quoted ?? plain
  if (boundary === undefined) return body
  for (const part of `\r\n${body}`.split(`\r\n--${boundary}`)) {
    const end = part.indexOf('\r\n\r\n')
    if (end >= 0 && /^content-disposition:.*;\s*filename\*?=/im.test(part.slice(0, end))) return part.slice(end + 4)
  }
  return body
}

async function spool(part: MultipartFile): Promise<SpooledFile> {
  const path = join(tmpdir(), `tintype-${randomUUID()}`)
  const digest = createHash('sha256')
  let sizeBytes = 0
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sizeBytes += chunk.length
      digest.update(chunk)
      done(null, chunk)
    },
  })
  try {
    await pipeline(part.file, measure, createWriteStream(path, { flags: 'wx', mode: 0o600 }))
  } catch (error) {
    await rm(path, { force: true })
    throw error
  }
  return new SpooledFile(part, { path, sizeBytes, sha256: digest.digest('hex') })
}

/** Lists and objects travel as JSON, lists also as fields of one name. What cannot be read stays as it is, and validation names it. */
function toValue(schema: TSchema | undefined, values: readonly string[]): unknown {
  const types = [(schema as { type?: string | string[] } | undefined)?.type ?? []].flat()
  const [first = ''] = values
  if (types.includes('array') || types.includes('object')) {
    if (values.length === 1 && /^\s*[[{]/.test(first)) return parsed(first)
    return types.includes('array') ? values : first
  }
  return values.length > 1 ? values : coerceText(schema, first)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
