import { type Static, type TSchema, Type } from 'typebox'
import { AppError } from '../../errors.ts'
import {
  type Associated,
  type AssociatedObject,
  type AssociationType,
  type ObjectType,
  readAssociations,
  scopesOf,
} from '../../objects/index.ts'
import { withStatus } from '../answer.ts'
import type { Context } from '../define.ts'
import { TypeName, typeOf } from './types.ts'

// wire/hubspot.md, "Associations v4"; models of `associations/v4` in the client.

/** Some object scope is enough at the door; those of the types in the path are asked for behind it. */
const common = { category: 'CRM Objects', token: 'location', wire: 'hubspot' } as const
export const reads = { ...common, access: 'read', scope: scopesOf('read') } as const
export const writes = { ...common, access: 'write', scope: scopesOf('write') } as const

export const pairPath = { fromObjectType: TypeName('contacts'), toObjectType: TypeName('companies') }
export const ObjectId = () => Type.String({ minLength: 1, maxLength: 64, examples: ['6001'] })

/** One request writes no more pairs. */
export const MOST_PAIRS = 2000
export const MOST_READ = 1000
/** What one object is associated with, as far as one answer tells. */
const PAGE = 500

export const inputs = <T extends TSchema>(input: T, maxItems: number) =>
  Type.Object({ ...pairPath, inputs: Type.Array(input, { maxItems }) })

export const Spec = Type.Object({
  associationCategory: Type.Enum(['HUBSPOT_DEFINED', 'USER_DEFINED', 'INTEGRATOR_DEFINED', 'WORK']),
  associationTypeId: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }),
})

/** Numbers are taken as well: HubSpot's own examples write them. */
export const Reference = Type.Object({
  id: Type.Union([ObjectId(), Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })]),
})
export const idOf = ({ id }: Static<typeof Reference>) => String(id)

export const TypeAnswer = Type.Object({
  category: Type.String(),
  typeId: Type.Integer(),
  label: Type.Union([Type.String(), Type.Null()]),
})
export const showType = ({ category, typeId, label }: AssociationType) => ({ category, typeId, label })

export const AssociatedAnswer = Type.Object({ toObjectId: Type.String(), associationTypes: Type.Array(TypeAnswer) })

export const Labels = Type.Object({
  fromObjectTypeId: Type.String(),
  fromObjectId: Type.String(),
  toObjectTypeId: Type.String(),
  toObjectId: Type.String(),
  labels: Type.Array(Type.String()),
})

/** One fault of an answer that is one in part. */
export const Fault = Type.Object({
  status: Type.String(),
  category: Type.String(),
  subCategory: Type.Optional(Type.String()),
  message: Type.String(),
  context: Type.Record(Type.String(), Type.Array(Type.String())),
  errors: Type.Array(Type.Unknown()),
  links: Type.Object({}),
})

export const batchOf = <T extends Parameters<typeof Type.Array>[0]>(result: T) =>
  Type.Object({
    status: Type.String(),
    results: Type.Array(result),
    numErrors: Type.Optional(Type.Integer()),
    errors: Type.Optional(Type.Array(Fault)),
    startedAt: Type.String(),
    completedAt: Type.String(),
  })

/** The frame of every answer to a batch. */
export function toBatch<T>(ctx: Context, results: T[], errors: Static<typeof Fault>[] = []) {
  const startedAt = new Date(ctx.author.atMs).toISOString()
  return {
    status: 'COMPLETE',
    results,
    ...(errors.length === 0 ? {} : { numErrors: errors.length, errors }),
    startedAt,
    completedAt: new Date(Math.max(ctx.author.atMs, ctx.clock.nowMs())).toISOString(),
  }
}

export interface Ends {
  from: ObjectType
  to: ObjectType
}

/** The two types of a path. Whoever reads or writes what ties them together may read or write both. */
export async function endsOf(
  ctx: Context,
  { fromObjectType, toObjectType }: { fromObjectType: string; toObjectType: string },
  access: 'read' | 'write',
): Promise<Ends> {
  return { from: await typeOf(ctx, fromObjectType, access), to: await typeOf(ctx, toObjectType, access) }
}

type Missing = Associated['missing'][number]

/** What is said of a pair of which an end is not there. */
export function faultOf({ from, to }: Ends, { input, ...missing }: Missing): Static<typeof Fault> {
  const [type, id] = missing.from ? [from, input.from] : [to, input.to]
  return {
    status: 'error',
    category: 'OBJECT_NOT_FOUND',
    message: `${type.name} ${id} was not found`,
    context: { fromObjectId: [input.from], toObjectId: [input.to] },
    errors: [],
    links: {},
  }
}

/** HubSpot's words for an object that is associated with nothing of the type, or is not there. */
function noneOf({ from, to }: Ends, id: string): Static<typeof Fault> {
  return {
    status: 'error',
    category: 'OBJECT_NOT_FOUND',
    subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND',
    message: `No ${to.name} is associated with ${from.name} ${id}.`,
    context: { fromObjectId: [id], fromObjectType: [from.name], toObjectType: [to.name] },
    errors: [],
    links: {},
  }
}

export const readOf = <T extends TSchema>(end: T) =>
  Type.Object({
    from: Type.Object({ id: Type.String() }),
    to: Type.Array(end),
    paging: Type.Optional(Type.Object({ next: Type.Object({ after: Type.String() }) })),
  })

/** What many objects are associated with, as `show` tells it. Those that are associated with nothing are told of (207). */
export async function readMany<T>(
  ctx: Context,
  ends: Ends,
  wanted: readonly { objectId: string; after?: string | undefined }[],
  show: (associated: AssociatedObject) => T[],
) {
  const { of } = await readAssociations(ctx.db, ctx.locationId, { ...ends, wanted, limit: PAGE })
  const ids = [...new Set(wanted.map(({ objectId }) => objectId))]
  const results = ids.flatMap((id) => {
    const { associated = [], hasMore = false } = of.get(Number(id)) ?? {}
    if (associated.length === 0) return []
    const paging = hasMore ? { paging: { next: { after: String(associated.at(-1)?.objectId) } } } : {}
    return [{ from: { id }, to: associated.flatMap(show), ...paging }]
  })
  const faults = ids.filter((id) => !of.has(Number(id))).map((id) => noneOf(ends, id))
  return withStatus(faults.length === 0 ? 200 : 207, toBatch(ctx, results, faults))
}

/** 404 for the only pair that a call was about. */
export function refuseMissing(ends: Ends, missing: readonly Missing[]): void {
  const [first] = missing
  if (first === undefined) return
  const { from, to } = ends
  const [type, id] = first.from ? [from, first.input.from] : [to, first.input.to]
  throw new AppError('not_found', { what: type.name, id })
}

export const toLabels = ({ from, to }: Ends, { input, named }: Associated['pairs'][number]) => ({
  fromObjectTypeId: from.typeId,
  fromObjectId: input.from,
  toObjectTypeId: to.typeId,
  toObjectId: input.to,
  labels: named.flatMap(({ label }) => label ?? []),
})
