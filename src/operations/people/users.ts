import { Type } from 'typebox'
import { users } from '../../resources/records/users.ts'
import { emailKey } from '../../store/natural-key.ts'
import { createRecord, deleteRecord, listRecords, lockIdentity, updateRecord } from '../../store/records/index.ts'
import { operation } from '../define.ts'
import { DONE, doneFields, Id } from '../schemas.ts'
import { forgetUser } from './removal.ts'
import { checkReach, getOwnUser, getUser, has, refuseTaken, toUser, User, userInput, userScope } from './wire.ts'

const { read, write } = users.scopes
const common = { category: 'Users', token: 'either' } as const

/** wire/highlevel/users.json: the user itself, and the list that searching replaces. */
export const userOperations = [
  operation({
    ...common,
    name: 'users.listByLocation',
    title: 'List Users by Location',
    description: 'Get users in specific location, by creation.',
    access: 'read',
    token: 'location',
    scope: [read, write],
    http: 'GET /users/',
    input: Type.Object({ locationId: Id() }, { additionalProperties: false }),
    output: Type.Object({ users: Type.Array(User) }),
    async run(ctx, { locationId }) {
      const rows = await listRecords(ctx.db, users, ctx.agencyId, { where: has(ctx, 'locationIds', locationId) })
      return { users: rows.map((row) => toUser(ctx, row)) }
    },
  }),
  operation({
    ...common,
    name: 'users.create',
    title: 'Create User',
    description: 'Add new user to system. Two users of an agency cannot have one e-mail.',
    access: 'write',
    scope: write,
    http: 'POST /users/',
    status: 201,
    input: Type.Object({ companyId: Id(), ...userInput }, { additionalProperties: false }),
    output: User,
    async run(ctx, { companyId: _c, password: _p, ...input }) {
      const document = { ...input, email: emailKey(input.email), locationIds: [...new Set(input.locationIds)] }
      checkReach(ctx, document)
      await lockIdentity(ctx.tx, ctx.agencyId, { email: `user/${document.email}` })
      await refuseTaken(ctx, document.email)
      return toUser(ctx, await createRecord(userScope(ctx), users, document))
    },
  }),
  operation({
    ...common,
    name: 'users.get',
    title: 'Get User',
    description: 'Retrieve user details',
    access: 'read',
    scope: [read, write],
    http: 'GET /users/:userId',
    input: Type.Object({ userId: Id() }, { additionalProperties: false }),
    output: User,
    async run(ctx, { userId }) {
      return toUser(ctx, await getUser(ctx, userId))
    },
  }),
  operation({
    ...common,
    name: 'users.update',
    title: 'Update User',
    description: 'Modify user information: replaces the properties that the body names and keeps the others.',
    access: 'write',
    scope: write,
    http: 'PUT /users/:userId',
    input: Type.Object(
      { userId: Id(), companyId: Type.Optional(Id()), ...Type.Partial(Type.Object(userInput)).properties },
      { additionalProperties: false },
    ),
    output: User,
    async run(ctx, { userId, companyId: _c, password: _p, ...input }) {
      const seen = await getOwnUser(ctx, userId)
      const changes = {
        ...input,
        ...(input.email === undefined ? {} : { email: emailKey(input.email) }),
        ...(input.locationIds === undefined ? {} : { locationIds: [...new Set(input.locationIds)] }),
      }
      checkReach(ctx, { ...seen.document, ...changes })
      if (changes.email !== undefined) {
        await lockIdentity(ctx.tx, ctx.agencyId, { email: `user/${changes.email}` })
        await refuseTaken(ctx, changes.email, userId)
      }
      return toUser(
        ctx,
        await updateRecord(userScope(ctx), users, userId, ({ document }) => ({ ...document, ...changes })),
      )
    },
  }),
  operation({
    ...common,
    name: 'users.delete',
    title: 'Delete User',
    description:
      'Remove user from system. Nothing is assigned to them any longer, they follow nobody and are in the team of ' +
      'no calendar; their blocked slots and schedules go with them, and what they wrote stays.',
    access: 'destructive',
    scope: write,
    http: 'DELETE /users/:userId',
    input: Type.Object({ userId: Id() }, { additionalProperties: false }),
    output: Type.Object({ ...doneFields, message: Type.String() }),
    async run(ctx, { userId }) {
      const { document } = await getOwnUser(ctx, userId)
      await deleteRecord(userScope(ctx), users, userId)
      await forgetUser(ctx, userId)
      return {
        ...DONE,
        message: `Deleted user with e-mail ${document.email} and name ${document.firstName} ${document.lastName}.`,
      }
    },
  }),
]
