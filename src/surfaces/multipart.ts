import multipart, { type MultipartFile } from '@fastify/multipart'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { TSchema } from 'typebox'
import type { Config } from '../config.ts'
import { AppError, invalid } from '../errors.ts'
import type { Operation } from '../operations/define.ts'
import { coerceText } from '../store/validate.ts'
import { type FileNames, SpooledFile, spool } from './spool.ts'

const MAX_FIELDS = 100

/** Routes of this scope also take multipart/form-data. */
export async function acceptForms(scope: FastifyInstance): Promise<void> {
  await scope.register(multipart)
}

/**
 * A multipart body as the object a JSON body would be, the file under its property. Disposing of it removes the file.
 */
export interface Form extends AsyncDisposable {
  body: Record<string, unknown>
}

/** Null: the body was read as something else. */
export async function readForm(operation: Operation, config: Config, request: FastifyRequest): Promise<Form | null> {
  const taken = operation.upload ?? operation.rawBody
  if (taken === null || (operation.rawBody === null && !request.isMultipart())) return null
  const { property, limit } = taken
  const most = operation.upload?.most
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
    if (!request.isMultipart()) {
      const file = await spool(
        request.raw,
        { fieldName: property, fileName: '', contentType: '' },
        { mostBytes: config[limit] },
      )
      if (file.sizeBytes > 0) body[property] = file
      else await file.remove()
      return form
    }
    const files = most ?? 1
    const limits = {
      files: files + documentsOf(operation).length,
      fileSize: config[limit],
      fields: MAX_FIELDS,
      fieldSize: config.bodyBytes,
      parts: MAX_FIELDS + files,
    }
    let count = 0
    for await (const part of request.parts({ limits })) {
      if (part.type === 'file' && !isDocument(operation, part)) {
        count += 1
        if (count > files) throw tooMany(property, files)
        if (most !== undefined)
          body[property] = [...((body[property] ?? []) as SpooledFile[]), await spool(part.file, namesOf(part))]
        else if ((part.fieldname === property || operation.rawBody !== null) && !(property in body))
          body[property] = await spool(part.file, namesOf(part))
        else {
          part.file.resume()
          body[part.fieldname] = null
        }
        continue
      }
      const text = part.type === 'file' ? await textOf(part.file, config.bodyBytes - letters) : toText(part.value)
      letters += text.length
      if ((part.type === 'field' && part.valueTruncated) || letters > config.bodyBytes)
        throw new AppError('body_too_large', { limit: config.bodyBytes })
      const name = nameOf(operation, part.fieldname)
      if (operation.rawBody === null) texts.set(name, [...(texts.get(name) ?? []), text])
    }
  } catch (error) {
    await form[Symbol.asyncDispose]()
    if ((error as { code?: string }).code === 'FST_FILES_LIMIT') throw tooMany(property, most ?? 1)
    if (['FST_FIELDS_LIMIT', 'FST_PARTS_LIMIT'].includes((error as { code?: string }).code ?? ''))
      throw invalid([`a form has at most ${MAX_FIELDS} fields`])
    if ((error as { statusCode?: number }).statusCode === 413)
      throw new AppError('body_too_large', { limit: config[limit] }, { cause: error })
    throw isBroken(error)
      ? new AppError('bad_request', { reason: `The form is broken: ${(error as Error).message}` }, { cause: error })
      : error
  }
  if (operation.rawBody !== null && body[property] === undefined)
    throw invalid([`${property}: the form brings no file. Send it as it is: --data-binary @FILE`])
  for (const [name, values] of texts) body[name] ??= toValue(operation.input.properties[name], values)
  return form
}

const tooMany = (property: string, files: number) => invalid([`${property}: at most ${files} files at a time`])

/** What it says of a part that is no JSON although its type says so. */
const NO_JSON = 'FST_INVALID_JSON_FIELD_ERROR'

/**
 * The reader of forms says what it cannot read in plain errors; those of ours, of the framework and of the system have
 * a code.
 */
const isBroken = (error: unknown) =>
  error instanceof Error &&
  ((Object.getPrototypeOf(error) === Error.prototype && !('code' in error)) ||
    (error as { code?: string }).code === NO_JSON)

/** Properties that travel as JSON. */
const documentsOf = ({ input, upload }: Operation) =>
  upload === null
    ? []
    : Object.keys(input.properties).filter(
        (name) => name !== upload.property && typesOf(input.properties[name]).some((type) => isNested(type)),
      )

const isNested = (type: string) => type === 'array' || type === 'object'

/** JSON that comes as a file of its own: browsers and fetch give a `Blob` a name, whatever is in it. */
const isDocument = (operation: Operation, { fieldname, mimetype }: MultipartFile) =>
  /^application\/json\b/i.test(mimetype) && documentsOf(operation).includes(nameOf(operation, fieldname))

/** The reader of forms has read what says of itself that it is JSON. */
const toText = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))

async function textOf(file: MultipartFile['file'], most: number): Promise<string> {
  let text = ''
  for await (const piece of file.setEncoding('utf8')) {
    text += piece
    if (text.length > most) break
  }
  return text
}

const namesOf = ({ fieldname, filename, mimetype }: MultipartFile): FileNames => ({
  fieldName: fieldname,
  fileName: filename ?? '',
  contentType: mimetype ?? '',
})

/** Clients write the elements of a list as `name[]` or `name[0]`, too. */
function nameOf({ input }: Operation, spelled: string): string {
  const name = spelled.replace(/\[\d*\]$/, '')
  return typesOf(input.properties[name]).includes('array') ? name : spelled
}

const typesOf = (schema: TSchema | undefined) =>
  [(schema as { type?: string | string[] } | undefined)?.type ?? []].flat()

/**
 * Lists and objects travel as JSON, lists also as fields of one name. What cannot be read stays as it is, and
 * validation names it.
 */
function toValue(schema: TSchema | undefined, values: readonly string[]): unknown {
  const types = typesOf(schema)
  const [first = ''] = values
  if (types.some(isNested)) {
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
