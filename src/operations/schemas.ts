import { type Static, type TProperties, type TSchema, Type } from 'typebox'
import { RESOURCES } from '../resources/index.ts'
import type { Upload } from './define.ts'

export { Name } from '../resources/shapes.ts'

/**
 * An identifier in a path, query or body. Its shape is not checked beyond what storage needs: an unknown one is a 404.
 */
export const Id = (description?: string) =>
  Type.String({ minLength: 1, maxLength: 64, ...(description === undefined ? {} : { description }) })

/**
 * Something that answers are about. Its title is the name of a type in the clients that are generated from the OpenAPI
 * document, so it is given once.
 */
export const Noun = <P extends TProperties>(title: string, properties: P) => Type.Object(properties, { title })

/** What may also be null: clients send it for what a form left empty. */
export const orNull = <T extends TSchema & { type: string }>(schema: T) =>
  Type.Unsafe<Static<T> | null>({ ...schema, type: [schema.type, 'null'] })

/** Every kind of asset, for people to read. */
export const KINDS = [...RESOURCES.keys()].join(', ')

/** A kind of asset. Which kinds there are is checked where it matters; a filter by another finds nothing. */
export const Kind = (description = 'A kind of asset.') => Id(`${description} Kinds: ${KINDS}.`)

/** What says that something was done: the documents of the wire spell it in one way, its servers in both. */
export const doneFields = { succeded: Type.Boolean(), succeeded: Type.Boolean() }
export const Done = () => Type.Object(doneFields)
export const DONE = { succeded: true, succeeded: true }

/** Instants in answers: ISO 8601, UTC. */
export const Instant = () => Type.String({ format: 'date-time' })

/** What stands beside each `locationId` of an answer. */
export const LocationName = () => Type.String({ description: 'What people call the sub-account.' })

/** Who did something, and what they are called. */
export const Actor = {
  actor: Type.String({
    description: '`token:<id>`, `person:<id>`, `push:<id>`, `form:<id>`, `survey:<id>` or `system`.',
  }),
  actorName: Type.Union([Type.String(), Type.Null()], {
    description: "A token's, an app's or a person's name, a push's snapshot and version. Null: not known any more.",
  }),
}

/** What leads to the next page of a list; null at its end. */
export const After = () =>
  Type.Union([Type.String(), Type.Null()], {
    description: 'Give it back as `after` for the next page. Null: this was the last.',
  })

/** A page size. */
export const Limit = (standard: number, most: number) =>
  Type.Optional(Type.Integer({ minimum: 1, maximum: most, description: `Default ${standard}, at most ${most}.` }))

/** How many to leave out: what a walk by counting can promise while others are added. */
const COUNTED =
  'How many to leave out. While others are added, a list by creation is walked through without a gap or a ' +
  'repetition; one that begins with the newest repeats some and leaves out none.'

export const Skip = (description = COUNTED) =>
  Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000, description }))

/** Of a list by name, or by what changes: what is added, or moves, shifts the rest. */
export const SHIFTING = 'How many to leave out. What comes to stand elsewhere meanwhile may be left out or told twice.'

/** Files of a multipart/form-data body; see `upload` of an operation. */
export const FileUploads = (description: string, most: number) =>
  Type.Unsafe<Upload[]>({ type: 'array', items: { type: 'object' }, maxItems: most, description })

/** A file of a multipart/form-data body; see `upload` of an operation. */
export const FileUpload = (description: string) => Type.Unsafe<Upload>({ type: 'object', description })

/** What every history takes besides whose it is. */
export const historyPage = {
  limit: Limit(50, 200),
  before: Type.Optional(
    Type.String({ format: 'uuid', maxLength: 36, description: 'Id of the last change of the page before.' }),
  ),
}

/** One change of a history. */
export const changeFields = {
  id: Type.String(),
  at: Instant(),
  op: Type.String(),
  ...Actor,
  cause: Type.Union([Type.String(), Type.Null()]),
  fields: Type.Array(
    Type.Object({ path: Type.String(), before: Type.Optional(Type.Unknown()), after: Type.Optional(Type.Unknown()) }),
  ),
}

/**
 * The schema of something stored, for answers: without limits for the length of texts. They are for what comes in; a
 * stored text grows when a reference in it is longer where it is read, as `missing:kind:lineage` is.
 */
export function AsStored<T extends TSchema>(schema: T): T {
  return copyWithout(schema, 'maxLength') as T
}

/** Properties of a schema that TypeBox hides stay hidden, and stay. */
function copyWithout(value: unknown, name: string): unknown {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map((element) => copyWithout(element, name))
  const copy = Object.create(Object.getPrototypeOf(value))
  for (const [key, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(value))) {
    const isLimit = key === name && typeof descriptor.value === 'number'
    if (!isLimit) Object.defineProperty(copy, key, { ...descriptor, value: copyWithout(descriptor.value, name) })
  }
  return copy
}
