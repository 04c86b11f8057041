import { type Static, Type } from 'typebox'
import { AppError } from '../../errors.ts'
import { users } from '../../resources/records/users.ts'
import {
  allOf,
  byCreation,
  type Condition,
  hasObjectId,
  listRecords,
  pageRecords,
  type RecordRow,
} from '../../store/records/index.ts'
import { type Context, operation } from '../define.ts'
import { has } from '../people/index.ts'
import { Noun } from '../schemas.ts'
import { lines } from './lines.ts'
import { After, Paging, pagingOf } from './paging.ts'

const common = {
  category: 'CRM Objects',
  access: 'read',
  token: 'location',
  scope: ['crm.objects.owners.read', users.scopes.read, users.scopes.write],
  wire: 'hubspot',
} as const

const Owner = Noun('Owner', {
  id: Type.String(),
  email: Type.String(),
  type: Type.Enum(['PERSON', 'QUEUE']),
  firstName: Type.String(),
  lastName: Type.String(),
  userId: Type.Integer(),
  userIdIncludingInactive: Type.Integer(),
  createdAt: Type.String(),
  updatedAt: Type.String(),
  archived: Type.Boolean(),
  teams: Type.Array(Noun('OwnerTeam', { id: Type.String(), name: Type.String(), primary: Type.Boolean() })),
})

/** A user has one number, by which owners and users are known alike. */
function toOwner({ objectId, document, createdAt, updatedAt, deletedAt }: RecordRow): Static<typeof Owner> {
  return {
    id: String(objectId),
    email: String(document.email),
    type: 'PERSON',
    firstName: String(document.firstName),
    lastName: String(document.lastName),
    userId: objectId,
    userIdIncludingInactive: objectId,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
    archived: deletedAt !== null,
    teams: [],
  }
}

const Archived = () => Type.Optional(Type.Boolean({ description: 'Those who were removed, in place of the others.' }))
const works = (ctx: Context): Condition => has(ctx, 'locationIds', ctx.locationId)

/** wire/hubspot.md, "CRM objects": who can own a record, which is who works in the location. */
export const ownerOperations = [
  operation({
    ...common,
    ...lines('GET', 'owners', '/'),
    name: 'owners.list',
    title: 'List Owners',
    description: 'The people who work in the portal, by their creation.',
    input: Type.Object({
      email: Type.Optional(Type.String({ maxLength: 320 })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, description: 'Default 100.' })),
      after: After(),
      archived: Archived(),
    }),
    output: Type.Object({ results: Type.Array(Owner), paging: Paging() }),
    async run(ctx, { email, limit = 100, after, archived = false }) {
      const where = allOf([works(ctx), ...(email === undefined ? [] : [has(ctx, 'email', email.toLowerCase())])])
      const { records } = await pageRecords(ctx.db, users, ctx.agencyId, {
        where,
        order: [byCreation()],
        limit: limit + 1,
        deleted: archived,
        after: after === undefined ? undefined : cursorOf(after),
      })
      const shown = records.slice(0, limit)
      const last = records.length > limit ? shown.at(-1) : undefined
      return { results: shown.map(toOwner), ...pagingOf(ctx, '/crm/v3/owners/', last && textOf(last), { limit }) }
    },
  }),
  operation({
    ...common,
    ...lines('GET', 'owners', '/:ownerId'),
    name: 'owners.get',
    title: 'Get Owner',
    input: Type.Object({
      ownerId: Type.String({ minLength: 1, maxLength: 20 }),
      idProperty: Type.Optional(Type.Enum(['id', 'userId'])),
      archived: Archived(),
    }),
    output: Owner,
    async run(ctx, { ownerId, archived = false }) {
      const found = archived ? await findRemoved(ctx, ownerId) : await findOwner(ctx, ownerId)
      if (found === undefined) throw new AppError('not_found', { what: 'owner', id: ownerId })
      return toOwner(found)
    },
  }),
]

async function findOwner(ctx: Context, ownerId: string): Promise<RecordRow | undefined> {
  const where = allOf([works(ctx), hasObjectId([ownerId])])
  return (await listRecords(ctx.db, users, ctx.agencyId, { where, limit: 1 }))[0]
}

async function findRemoved(ctx: Context, ownerId: string): Promise<RecordRow | undefined> {
  const page = { where: allOf([works(ctx), hasObjectId([ownerId])]), limit: 1, deleted: true }
  return (await pageRecords(ctx.db, users, ctx.agencyId, page)).records[0]
}

/** A place in the order of creation, as text: milliseconds and id. */
const textOf = ({ cursor }: { cursor: readonly unknown[] }) => cursor.join('-')
function cursorOf(text: string): [string, string] {
  const [at = '', id = ''] = text.split('-')
  return [at, id]
}
