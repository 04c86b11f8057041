import { type Static, Type } from 'typebox'
import { createPerson, EMAIL, findByEmail } from '../../auth/people.ts'
import {
  changePerson,
  dismissPerson,
  getPersonRow,
  holdPersonRow,
  listPersonRows,
  type PersonRow,
  stateOf,
  suspendPerson,
} from '../../auth/person-changes.ts'
import { ROLES, type Role } from '../../auth/roles.ts'
import { AppError, invalid } from '../../errors.ts'
import { type Context, operation } from '../define.ts'
import { DONE, Done, Id, Instant, Name, Noun } from '../schemas.ts'
import { Link, linkFor } from './person-links.ts'

const Person = Noun('Person', {
  id: Type.String(),
  name: Type.String(),
  email: Type.String(),
  role: Type.Enum([...ROLES]),
  locationIds: Type.Union([Type.Array(Type.String()), Type.Null()], {
    description: "A client's locations. Null: all of the agency.",
  }),
  state: Type.Enum(['invited', 'active', 'disabled'], {
    description: 'disabled: they may not sign in, and lose nothing else.',
  }),
  secondFactor: Type.Boolean(),
  createdAt: Instant(),
  lastSeenAt: Type.Union([Instant(), Type.Null()], { description: 'Within minutes. Null: not signed in.' }),
})
const PersonId = { companyId: Id(), personId: Id() }
const RoleInput = Type.Enum([...ROLES], {
  description:
    'owner: everything; admin: all but owners; operator: all but people, tokens and apps; viewer: reads; client: ' +
    'configuration and records of chosen locations.',
})
const LocationIds = Type.Array(Id(), { minItems: 1, maxItems: 1000, description: 'Of a client, and of nobody else.' })

const common = { category: 'People & Access', token: 'agency' } as const

const list = operation({
  ...common,
  name: 'people.list',
  title: 'List People',
  description: 'Who may sign in for the agency, by when they were invited.',
  access: 'read',
  scope: ['people.readonly', 'people.write'],
  http: 'GET /people/',
  input: Type.Object({ companyId: Id() }, { additionalProperties: false }),
  output: Type.Object({ people: Type.Array(Person) }),
  async run(ctx) {
    return { people: (await listPersonRows(ctx.db, ctx.agencyId)).map(toWire) }
  },
})

const invite = operation({
  ...common,
  name: 'people.invite',
  title: 'Invite Person',
  description:
    'Lets somebody in who has no account yet. The answer carries the link by which they set their password; it works ' +
    'once, for seven days. Where mail is set up they get it by mail, too. Only an owner makes owners.',
  access: 'write',
  scope: 'people.write',
  http: 'POST /people/',
  status: 201,
  query: ['companyId'],
  input: Type.Object(
    {
      companyId: Id(),
      email: Type.String({ maxLength: 200, pattern: EMAIL.source, examples: ['someone@example.com'] }),
      name: Type.Optional(Name()),
      role: RoleInput,
      locationIds: Type.Optional(LocationIds),
    },
    { additionalProperties: false },
  ),
  output: Type.Object({ person: Person, ...Link }),
  async run(ctx, { email, name = email, role, locationIds }) {
    checkLocations(role as Role, locationIds)
    if (role === 'owner' && !isOwner(ctx)) throw new AppError('owner_only')
    if ((await findByEmail(ctx.tx, email)) !== null)
      throw new AppError('exists', { what: 'A person', field: 'e-mail', value: email })
    const { id } = await createPerson(
      ctx.tx,
      {
        agencyId: ctx.agencyId,
        email,
        name,
        role: role as Role,
        ...(locationIds === undefined ? {} : { locationIds }),
      },
      ctx.clock.nowMs(),
    )
    const person = await getPersonRow(ctx.tx, ctx.agencyId, id)
    return { person: toWire(person), ...(await linkFor(ctx, person, 'invitation')) }
  },
})

const update = operation({
  ...common,
  name: 'people.update',
  title: 'Update Person',
  description: 'Another name, role or other locations. What they may is another at once, wherever they are signed in.',
  access: 'write',
  scope: 'people.write',
  http: 'PUT /people/:personId',
  query: ['companyId'],
  input: Type.Object(
    {
      ...PersonId,
      name: Type.Optional(Name()),
      role: Type.Optional(RoleInput),
      locationIds: Type.Optional(LocationIds),
    },
    { additionalProperties: false },
  ),
  output: Type.Object({ person: Person }),
  async run(ctx, { personId, ...input }) {
    const person = await holdPersonRow(ctx.tx, ctx.agencyId, personId)
    const role = (input.role ?? person.role) as Role
    const locationIds = input.locationIds ?? (role === 'client' ? person.locationIds : null)
    checkLocations(role, locationIds ?? undefined)
    const change = { name: input.name ?? person.name, role, locationIds }
    await changePerson(ctx.tx, person, change, { byOwner: isOwner(ctx) })
    return { person: toWire({ ...person, ...change, locationIds: locationIds === null ? null : [...locationIds] }) }
  },
})

const remove = operation({
  ...common,
  name: 'people.remove',
  title: 'Remove Person',
  description: 'They can no longer sign in, and are signed out everywhere. What they did stays.',
  access: 'destructive',
  scope: 'people.write',
  http: 'DELETE /people/:personId',
  input: Type.Object(PersonId, { additionalProperties: false }),
  output: Done(),
  async run(ctx, { personId }) {
    const person = await holdPersonRow(ctx.tx, ctx.agencyId, personId)
    await dismissPerson(ctx.tx, person, { byOwner: isOwner(ctx) })
    return DONE
  },
})

const disable = operation({
  ...common,
  name: 'people.disable',
  title: 'Disable Person',
  description:
    'They can no longer sign in, are signed out everywhere, and their links end. Who they are, their password and ' +
    'second factor stay for the day they are enabled again.',
  access: 'destructive',
  scope: 'people.write',
  http: 'POST /people/:personId/disable',
  query: ['companyId'],
  input: Type.Object(PersonId, { additionalProperties: false }),
  output: Type.Object({ person: Person }),
  run: (ctx, { personId }) => suspend(ctx, personId, true),
})

const enable = operation({
  ...common,
  name: 'people.enable',
  title: 'Enable Person',
  description: 'Who was disabled may sign in again, with the password from before. Nothing changes for others.',
  access: 'write',
  scope: 'people.write',
  http: 'POST /people/:personId/enable',
  query: ['companyId'],
  input: Type.Object(PersonId, { additionalProperties: false }),
  output: Type.Object({ person: Person }),
  run: (ctx, { personId }) => suspend(ctx, personId, false),
})

async function suspend(ctx: Context, personId: string, isDisabled: boolean) {
  const person = await holdPersonRow(ctx.tx, ctx.agencyId, personId)
  if (person.isDisabled !== isDisabled)
    await suspendPerson(ctx.tx, person, isDisabled ? new Date(ctx.clock.nowMs()) : null, { byOwner: isOwner(ctx) })
  return { person: toWire(await getPersonRow(ctx.tx, ctx.agencyId, personId)) }
}

const link = operation({
  ...common,
  name: 'people.link',
  title: 'Make Link for Person',
  description:
    'A link by which somebody sets a password: an invitation (seven days) for who has none yet, otherwise for a new ' +
    'one (a day). It works once; an earlier one no more. The password itself goes on to work until then.',
  access: 'destructive',
  scope: 'people.write',
  http: 'POST /people/:personId/link',
  status: 201,
  query: ['companyId'],
  input: Type.Object(PersonId, { additionalProperties: false }),
  output: Type.Object(Link),
  async run(ctx, { personId }) {
    const person = await holdPersonRow(ctx.tx, ctx.agencyId, personId)
    // Whoever has the link becomes them.
    if (person.role === 'owner' && !isOwner(ctx)) throw new AppError('owner_only')
    if (person.isDisabled) throw new AppError('person_disabled')
    return linkFor(ctx, person, person.isIn ? 'reset' : 'invitation')
  },
})

export const peopleOperations = [list, invite, update, disable, enable, remove, link]

const isOwner = ({ caller }: Context) => caller.person?.role === 'owner'

function checkLocations(role: Role, locationIds: readonly string[] | undefined): void {
  if (role === 'client' && locationIds === undefined)
    throw invalid(['locationIds should not be empty: a client has chosen locations'])
  if (role !== 'client' && locationIds !== undefined) throw invalid(['locationIds are for the role client only'])
}

function toWire(person: PersonRow): Static<typeof Person> {
  const { id, name, email, role, locationIds, hasSecondFactor, createdAt, seenAt } = person
  return {
    id,
    name,
    email,
    role,
    locationIds,
    state: stateOf(person),
    secondFactor: hasSecondFactor,
    createdAt: createdAt.toISOString(),
    lastSeenAt: seenAt?.toISOString() ?? null,
  }
}
