import { Type } from 'typebox'
import { Definition, getVersion, listVersions, USUAL_SETTINGS, updateConnection, WAYS } from '../../connect/index.ts'
import { diffDocuments, type Json } from '../../snapshots/diff.ts'
import { operation } from '../define.ts'
import { Instant, Name, Noun } from '../schemas.ts'
import { addDefinition, createWhole, toWhole } from './connections.ts'
import { Revision, refuseRevised } from './revisions.ts'
import {
  ConnectionAnswer,
  common,
  getOwn,
  Input,
  OfConnection,
  placeOf,
  READ,
  SettingsInput,
  toConnection,
  WholeConnection,
  WRITE,
} from './wire.ts'

const VersionNumber = () => Type.Integer({ minimum: 1 })

const VersionAnswer = Noun('ConnectionVersion', {
  version: VersionNumber(),
  isLive: Type.Boolean(),
  actor: Type.String(),
  createdAt: Instant(),
})

const Portable = Type.Object(
  {
    format: Type.Literal('tintype-connection/1'),
    name: Name(),
    way: Type.Enum([...WAYS]),
    settings: SettingsInput,
    definition: Definition,
  },
  { additionalProperties: false, description: 'A connection without its secrets, to be kept or taken elsewhere.' },
)

export const versionOperations = [
  operation({
    ...common,
    name: 'connections.versions',
    title: 'List Versions of Connection',
    description: 'The newest first.',
    access: 'read',
    scope: READ,
    http: 'GET /connections/:connectionId/versions',
    input: OfConnection({}),
    output: Type.Object({ versions: Type.Array(VersionAnswer) }),
    async run(ctx, input) {
      const connection = await getOwn(ctx, input)
      const versions = (await listVersions(ctx.db, connection)).map(({ version, author, createdAt }) => ({
        version,
        isLive: version === connection.liveVersion,
        actor: author,
        createdAt: createdAt.toISOString(),
      }))
      return { versions }
    },
  }),
  operation({
    ...common,
    name: 'connections.diff',
    title: 'Compare Versions of Connection',
    access: 'read',
    scope: READ,
    http: 'GET /connections/:connectionId/diff',
    input: OfConnection({ from: VersionNumber(), to: VersionNumber() }),
    output: Type.Object({
      fields: Type.Array(
        Type.Object({
          path: Type.String(),
          before: Type.Optional(Type.Unknown()),
          after: Type.Optional(Type.Unknown()),
        }),
      ),
    }),
    async run(ctx, { from, to, ...input }) {
      const connection = await getOwn(ctx, input)
      const [older, newer] = [await getVersion(ctx.db, connection, from), await getVersion(ctx.db, connection, to)]
      return { fields: diffDocuments(older.doc as unknown as Json, newer.doc as unknown as Json) }
    },
  }),
  operation({
    ...common,
    name: 'connections.rollback',
    title: 'Roll Connection Back',
    description:
      'An earlier version becomes the newest one again. What runs stays as it is until that one is deployed.',
    access: 'write',
    scope: WRITE,
    http: 'POST /connections/:connectionId/rollback',
    query: ['locationId'],
    input: OfConnection({ version: VersionNumber(), revision: Type.Optional(Revision()) }),
    output: Type.Object({ connection: WholeConnection }),
    async run(ctx, { version, revision, ...input }) {
      const known = await getOwn(ctx, input, { hold: 'alone' })
      await refuseRevised(ctx, known, revision)
      const { doc } = await getVersion(ctx.tx, known, version)
      const changes = { version: await addDefinition(ctx, known, doc) }
      return { connection: await toWhole(ctx, await updateConnection(ctx.tx, known, changes, ctx.clock.nowMs())) }
    },
  }),
  operation({
    ...common,
    name: 'connections.export',
    title: 'Export Connection',
    description: 'Its newest version with its settings, and none of its secrets.',
    access: 'read',
    scope: READ,
    http: 'GET /connections/:connectionId/export',
    input: OfConnection({}),
    output: Type.Object({ document: Portable }),
    async run(ctx, input) {
      const connection = await getOwn(ctx, input)
      const { doc } = await getVersion(ctx.db, connection, connection.version)
      const { name, way } = connection
      // An address may open something, and is nobody's elsewhere.
      const settings = { ...connection.settings, alertUrl: null }
      return { document: { format: 'tintype-connection/1' as const, name, way, settings, definition: doc } }
    },
  }),
  operation({
    ...common,
    name: 'connections.import',
    title: 'Import Connection',
    description:
      'A connection as it was exported: a draft, with an address of its own. Its secrets are to be set anew.',
    access: 'write',
    scope: WRITE,
    http: 'POST /connections/import',
    status: 201,
    query: ['locationId'],
    input: Input({ document: Portable }),
    output: Type.Object({ connection: ConnectionAnswer, address: Type.Union([Type.String(), Type.Null()]) }),
    async run(ctx, { document: { name, way, definition, settings }, ...input }) {
      const locationId = placeOf(ctx, input)
      const wish = { locationId, name, way, definition, settings: { ...USUAL_SETTINGS, ...settings } }
      const { connection, address } = await createWhole(ctx, wish)
      return { connection: toConnection(connection), address }
    },
  }),
]
