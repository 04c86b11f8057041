import { createHash, randomBytes } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { Type } from 'typebox'
import { listConnectionSecrets, setConnectionSecrets } from '../../auth/connection-secrets.ts'
import {
  addVersion,
  type Connection,
  codeGrantOf,
  countConnections,
  createConnection,
  Definition,
  deleteConnection,
  getVersion,
  listConnections,
  MOST_CONNECTIONS,
  redirectOf,
  setMailName,
  USUAL_SETTINGS,
  updateConnection,
  WAYS,
} from '../../connect/index.ts'
import { AppError } from '../../errors.ts'
import { type Context, operation } from '../define.ts'
import { Name } from '../schemas.ts'
import { checkDefinition, checkSettings, refuseBeyond } from './checks.ts'
import { Revision, refuseRevised, revisionOf } from './revisions.ts'
import {
  ConnectionAnswer,
  common,
  getOwn,
  holdWithToken,
  Input,
  newAddressSecret,
  OfConnection,
  placeOf,
  READ,
  SettingsInput,
  toConnection,
  WholeConnection,
  WRITE,
} from './wire.ts'

const Address = () =>
  Type.Union([Type.String(), Type.Null()], {
    description:
      'Where the other program sends: an address of the web, or of e-mail. This answer is the only time it can be read. ' +
      'Null: nothing is sent to this connection.',
  })

/** A new address of a connection; the one before leads nowhere from then on. */
async function newAddress(ctx: Context, connection: Connection): Promise<string | null> {
  const atMs = ctx.clock.nowMs()
  if (connection.way === 'hook') {
    const address = newAddressSecret()
    await setConnectionSecrets(ctx.tx, connection, { address }, atMs)
    return `${ctx.publicUrl()}/hooks/catch/${connection.id}/${address}`
  }
  if (connection.way !== 'mail') return null
  // Names of mailboxes are written in either case.
  const name = randomBytes(20).toString('hex')
  await setMailName(ctx.tx, connection, createHash('sha256').update(name).digest('hex'))
  return `${name}@${ctx.config.mailInHost}`
}

export async function createWhole(
  ctx: Context,
  wish: Pick<Connection, 'locationId' | 'name' | 'way' | 'settings'> & { definition: Definition },
): Promise<{ connection: Connection; address: string | null }> {
  const { definition, locationId, name, way, settings } = wish
  checkDefinition(definition)
  checkSettings(ctx, settings)
  refuseBeyond(ctx, wish, definition)
  if ((await countConnections(ctx.tx, locationId)) >= MOST_CONNECTIONS)
    throw new AppError('bad_request', { reason: `There are ${MOST_CONNECTIONS} connections already` })
  const atMs = ctx.clock.nowMs()
  const { agencyId, caller } = ctx
  const scopes = [...caller.scopes]
  const made = await createConnection(ctx.tx, { locationId, agencyId, name, way, scopes, settings }, atMs)
  await addVersion(ctx.tx, made, { version: 1, doc: definition, author: ctx.author.actor, atMs })
  const connection = await updateConnection(ctx.tx, made, { version: 1, ...reasonOf(made, definition) }, atMs)
  return { connection, address: await newAddress(ctx, connection) }
}

/** What keeps a draft from being put to work, where nobody at the other program has allowed it. */
const reasonOf = ({ state, authorised }: Connection, definition: Definition) => {
  if (state !== 'draft') return {}
  const isNeeded = codeGrantOf(definition) !== null && authorised === null
  return { stateReason: isNeeded ? 'It needs authorisation: choose Authorise.' : null }
}

export async function toWhole(ctx: Context, connection: Connection) {
  const { doc } = await getVersion(ctx.db, connection, connection.version)
  const secrets = (await listConnectionSecrets(ctx.db, connection)).map(({ name, createdAt }) => ({
    name,
    createdAt: createdAt.toISOString(),
  }))
  const grant = codeGrantOf(doc)
  const { authorised } = connection
  const authorisation =
    grant === null
      ? null
      : {
          redirectUri: redirectOf(ctx.publicUrl(), grant),
          isAuthorised: authorised !== null,
          as: authorised?.as ?? null,
          at: authorised?.at ?? null,
        }
  return { ...toConnection(connection), revision: revisionOf(connection), definition: doc, secrets, authorisation }
}

export const connectionOperations = [
  operation({
    ...common,
    name: 'connections.create',
    title: 'Create Connection',
    description:
      'Another program feeds this location: how it comes (`way`), how it is read and what its items become. It begins as a ' +
      'draft; what comes is kept as a sample until it is deployed. An agency that names no location has its items become ' +
      'sub-accounts.',
    access: 'write',
    scope: WRITE,
    http: 'POST /connections/',
    status: 201,
    query: ['locationId'],
    input: Input({
      name: Name(),
      way: Type.Enum([...WAYS], {
        description: '`hook`: it calls us; `file`: CSV; `mail`: e-mail; `poll`: we ask it.',
      }),
      definition: Definition,
      settings: Type.Optional(SettingsInput),
    }),
    output: Type.Object({ connection: ConnectionAnswer, address: Address() }),
    async run(ctx, { name, way, definition, settings, ...input }) {
      const locationId = placeOf(ctx, input)
      const wish = { locationId, name, way, definition, settings: { ...USUAL_SETTINGS, ...settings } }
      const { connection, address } = await createWhole(ctx, wish)
      return { connection: toConnection(connection), address }
    },
  }),
  operation({
    ...common,
    name: 'connections.list',
    title: 'List Connections',
    description: 'The connections of a location, or those of the agency itself, by creation, and how each does.',
    access: 'read',
    scope: READ,
    http: 'GET /connections/',
    input: Input({}),
    output: Type.Object({ connections: Type.Array(ConnectionAnswer) }),
    async run(ctx, input) {
      return { connections: (await listConnections(ctx.db, placeOf(ctx, input))).map(toConnection) }
    },
  }),
  operation({
    ...common,
    name: 'connections.get',
    title: 'Get Connection',
    description: 'One connection with its newest version. Of its secrets only which there are.',
    access: 'read',
    scope: READ,
    http: 'GET /connections/:connectionId',
    input: OfConnection({}),
    output: Type.Object({ connection: WholeConnection }),
    async run(ctx, input) {
      return { connection: await toWhole(ctx, await getOwn(ctx, input)) }
    },
  }),
  operation({
    ...common,
    name: 'connections.update',
    title: 'Update Connection',
    description:
      'Changes what is named. Another definition is a new version: what runs stays as it is until that one is deployed.',
    access: 'write',
    scope: WRITE,
    http: 'PUT /connections/:connectionId',
    query: ['locationId'],
    input: OfConnection({
      name: Type.Optional(Name()),
      definition: Type.Optional(Definition),
      settings: Type.Optional(SettingsInput),
      revision: Type.Optional(Revision()),
    }),
    output: Type.Object({ connection: WholeConnection }),
    async run(ctx, { name, definition, settings, revision, ...input }) {
      const known = await getOwn(ctx, input, { hold: 'alone' })
      await refuseRevised(ctx, known, revision)
      checkSettings(ctx, settings ?? {})
      const atMs = ctx.clock.nowMs()
      const version = definition === undefined ? known.version : await addDefinition(ctx, known, definition)
      const changes = {
        version,
        ...(definition === undefined ? {} : reasonOf(known, definition)),
        ...(name === undefined ? {} : { name }),
        ...(settings === undefined ? {} : { settings: { ...known.settings, ...settings } }),
      }
      return { connection: await toWhole(ctx, await updateConnection(ctx.tx, known, changes, atMs)) }
    },
  }),
  operation({
    ...common,
    name: 'connections.delete',
    title: 'Delete Connection',
    description: 'With all that came and the history of its runs. What was written stays.',
    access: 'destructive',
    scope: WRITE,
    http: 'DELETE /connections/:connectionId',
    input: OfConnection({}),
    output: Type.Object({ deleted: Type.Boolean(), id: Type.String() }),
    async run(ctx, input) {
      const connection = await getOwn(ctx, input, { hold: 'alone' })
      await deleteConnection(ctx.tx, connection)
      return { deleted: true, id: connection.id }
    },
  }),
  operation({
    ...common,
    name: 'connections.setSecrets',
    title: 'Set Secrets of Connection',
    description:
      'What opens the other program, or signs what it sends: by the names that the definition has for them. They are sealed, ' +
      'and nobody can read them again. Null removes one.',
    access: 'write',
    scope: WRITE,
    http: 'PUT /connections/:connectionId/secrets',
    query: ['locationId'],
    input: OfConnection({
      secrets: Type.Record(
        Type.String({ pattern: '^(?!address$)[A-Za-z][A-Za-z0-9_]{0,39}$' }),
        Type.Union([Type.String({ minLength: 1, maxLength: 8000 }), Type.Null()]),
        { maxProperties: 20 },
      ),
    }),
    output: Type.Object({ connection: WholeConnection }),
    async run(ctx, { secrets, ...input }) {
      const known = await holdWithToken(ctx, input)
      const atMs = ctx.clock.nowMs()
      await setConnectionSecrets(ctx.tx, known, secrets, atMs)
      return { connection: await toWhole(ctx, await updateConnection(ctx.tx, known, {}, atMs)) }
    },
  }),
  operation({
    ...common,
    name: 'connections.rotateAddress',
    title: 'Rotate Address of Connection',
    description: 'A new address to send to. The one before leads nowhere from then on.',
    access: 'destructive',
    scope: WRITE,
    http: 'POST /connections/:connectionId/address',
    status: 201,
    query: ['locationId'],
    input: OfConnection({}),
    output: Type.Object({ connection: ConnectionAnswer, address: Address() }),
    async run(ctx, input) {
      const known = await getOwn(ctx, input, { hold: 'alone' })
      const address = await newAddress(ctx, known)
      const connection = await updateConnection(ctx.tx, known, {}, ctx.clock.nowMs())
      return { connection: toConnection(connection), address }
    },
  }),
]

/** A definition as the next version; the newest where it says the same. */
export async function addDefinition(ctx: Context, connection: Connection, definition: Definition): Promise<number> {
  checkDefinition(definition)
  refuseBeyond(ctx, connection, definition)
  const { doc } = await getVersion(ctx.tx, connection, connection.version)
  // The database has an order of its own for the names in it.
  if (isDeepStrictEqual(doc, definition)) return connection.version
  const version = connection.version + 1
  const author = ctx.author.actor
  await addVersion(ctx.tx, connection, { version, doc: definition, author, atMs: ctx.clock.nowMs() })
  return version
}
