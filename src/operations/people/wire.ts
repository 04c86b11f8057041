import { type Static, Type } from 'typebox'
import { EMAIL } from '../../auth/people.ts'
import { AppError, invalid } from '../../errors.ts'
import { users } from '../../resources/records/users.ts'
import {
  allOf,
  type Condition,
  equals,
  getRecord,
  hasTerm,
  holds,
  listRecords,
  type RecordDocument,
  type RecordRow,
  type RecordScope,
} from '../../store/records/index.ts'
import type { Context } from '../define.ts'
import { Noun } from '../schemas.ts'
import { PERMISSIONS } from './permissions.ts'

// wire/highlevel/users.json: CreateUserDto, UpdateUserDto, UserSchema.
const { properties } = users.schema
const { firstName, lastName, email, type, role, locationIds, ...optional } = properties
/** In any letters; operations fold it. */
const Email = () =>
  Type.String({
    maxLength: 320,
    pattern: EMAIL.source,
    description: 'An e-mail.',
    examples: ['someone@example.com'],
  })
const Password = () =>
  Type.String({ minLength: 1, maxLength: 500, description: 'Accepted, not kept: nobody signs in to Tintype with it.' })

export const userInput = {
  firstName,
  lastName,
  email: Email(),
  password: Password(),
  type,
  role,
  locationIds,
  ...optional,
}

export const User = Noun('User', {
  id: Type.String(),
  name: Type.String(),
  firstName,
  lastName,
  email,
  phone: Type.Optional(Type.String()),
  extension: Type.String(),
  permissions: Type.Object({}, { additionalProperties: true }),
  scopes: Type.Array(Type.String()),
  scopesAssignedToOnly: Type.Array(Type.String()),
  roles: Type.Object({
    type: Type.String(),
    role: Type.String(),
    locationIds: Type.Array(Type.String()),
    restrictSubAccount: Type.Boolean(),
  }),
  deleted: Type.Boolean(),
  profilePhoto: Type.Optional(Type.String()),
  twilioPhone: Type.Optional(Type.Object({}, { additionalProperties: true })),
  totpEnabled: Type.Boolean(),
  platformLanguage: Type.String(),
  lcPhone: Type.Object({}, { additionalProperties: true }),
  dateAdded: Type.String(),
})

/** What a location's token sees of a user is that location: where else they work is none of its business. */
export function toUser(ctx: Context, { id, document, createdAt, deletedAt }: RecordRow): Static<typeof User> {
  const { type: kind, role: level, locationIds, permissions = {}, ...rest } = document
  const all = locationIds as string[]
  const seen = ctx.caller.locationId === null ? all : all.filter((one) => one === ctx.caller.locationId)
  const name = `${document.firstName} ${document.lastName}`.trim()
  const roles = { type: kind, role: level, locationIds: seen, restrictSubAccount: false }
  return {
    id,
    name,
    scopes: [],
    scopesAssignedToOnly: [],
    platformLanguage: 'en_US',
    ...rest,
    // Nobody signs in here, and there is no telephone system.
    totpEnabled: false,
    lcPhone: {},
    extension: '',
    permissions: { ...PERMISSIONS, ...(permissions as object) },
    roles,
    deleted: deletedAt !== null,
    dateAdded: createdAt.toISOString(),
  } as never
}

/** Users stand under the agency. */
export const userScope = (ctx: Context): RecordScope => ({ tx: ctx.tx, locationId: ctx.agencyId, author: ctx.author })

/** The field is, or holds, this value. */
export function has(ctx: Context, field: string, value: string): Condition {
  const term = hasTerm(ctx.agencyId, field, value)
  return allOf([...(term === null ? [] : [term]), field === 'locationIds' ? holds(field, value) : equals(field, value)])
}

/** The users a caller may see: all of the agency, or those who work in the token's location. */
export const visible = (ctx: Context): Condition[] =>
  ctx.caller.locationId === null ? [] : [has(ctx, 'locationIds', ctx.caller.locationId)]

export async function getUser(ctx: Context, userId: string): Promise<RecordRow> {
  const row = await getRecord(ctx.db, users, ctx.agencyId, userId)
  const { locationId } = ctx.caller
  if (locationId !== null && !(row.document.locationIds as string[]).includes(locationId))
    throw new AppError('not_found', { what: users.noun, id: userId })
  return row
}

/**
 * A location's token may change those who work in this location only; of others it would change what they are
 * elsewhere.
 */
export async function getOwnUser(ctx: Context, userId: string): Promise<RecordRow> {
  const row = await getUser(ctx, userId)
  const isShared = row.document.type === 'agency' || (row.document.locationIds as string[]).length > 1
  if (ctx.caller.locationId !== null && isShared) throw new AppError('location_forbidden')
  return row
}

/** People of the agency itself are made by the agency, and a location's token makes nobody who works nowhere. */
export function checkReach(ctx: Context, document: RecordDocument): void {
  if (ctx.caller.locationId === null) return
  if (document.type === 'agency')
    throw invalid(['type must be account: only a token of the agency makes users of the agency'])
  if ((document.locationIds as string[]).length === 0) throw invalid(['locationIds should not be empty'])
}

/** 400 when somebody of the agency has this e-mail already. The caller holds its lock. */
export async function refuseTaken(ctx: Context, address: string, exceptId?: string): Promise<void> {
  const rows = await listRecords(ctx.db, users, ctx.agencyId, { where: has(ctx, 'email', address), limit: 2 })
  if (rows.some(({ id }) => id !== exceptId))
    throw new AppError('exists', { what: users.noun, field: 'email', value: address })
}
