import { randomBytes } from 'node:crypto'
import { type Static, type TProperties, Type } from 'typebox'
import { speaksForAll } from '../../auth/caller.ts'
import {
  type Arrival,
  type Connection,
  Definition,
  getConnection,
  type Hold,
  holdToken,
  isOfAgency,
  locateConnection,
  masked,
  ROW_STATES,
  type Row,
  RUN_KINDS,
  RUN_STATES,
  type Run,
  STATES,
  WAYS,
} from '../../connect/index.ts'
import type { Context } from '../define.ts'
import { Id, Instant, Noun } from '../schemas.ts'

export const common = { category: 'Connections', token: 'either' } as const
export const READ = ['connections.readonly', 'connections.write'] as const
export const WRITE = 'connections.write'

export const Input = <P extends TProperties>(properties: P) =>
  Type.Object(
    {
      locationId: Type.Optional(
        Id(
          'For an agency token: the location meant. Needless where a connection of it is named. Without it: the agency’s ' +
            'own, which make sub-accounts.',
        ),
      ),
      ...properties,
    },
    { additionalProperties: false },
  )

export const OfConnection = <P extends TProperties>(properties: P) => Input({ connectionId: Id(), ...properties })

const Nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()])

export const SettingsInput = Type.Object(
  {
    retentionDays: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 365, description: 'Days that what came, and what was made of it, is kept.' }),
    ),
    pauseShare: Type.Optional(
      Type.Number({ minimum: 0, maximum: 1, description: 'Paused when more than this share of the last rows failed.' }),
    ),
    pauseLeast: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 10_000, description: 'Never paused for fewer failures than these.' }),
    ),
    alertUrl: Type.Optional(
      Type.Union([Type.String({ maxLength: 2000 }), Type.Null()], {
        description: 'Called when it begins to fail, goes on failing, works again or is paused.',
      }),
    ),
  },
  { additionalProperties: false },
)

export const connection = {
  id: Type.String(),
  locationId: Type.Union([Type.String(), Type.Null()], {
    description: 'Null: it is the agency’s own, and makes sub-accounts.',
  }),
  name: Type.String(),
  way: Type.Enum([...WAYS]),
  state: Type.Enum([...STATES]),
  stateReason: Nullable(Type.String()),
  version: Type.Integer({ description: 'The newest one.' }),
  liveVersion: Type.Union([Type.Integer(), Type.Null()], {
    description: 'The one that runs. Null: none was deployed.',
  }),
  settings: SettingsInput,
  failingSince: Nullable(Instant()),
  lastError: Nullable(Type.String()),
  lastAt: Type.Union([Instant(), Type.Null()], { description: 'When something was last made of what came.' }),
  nextPollAt: Nullable(Instant()),
  createdAt: Instant(),
  updatedAt: Instant(),
}

export const ConnectionAnswer = Noun('Connection', connection)
export const WholeConnection = Noun('WholeConnection', {
  ...connection,
  revision: Type.String({ description: 'For whoever changes it: what it is as it was read here.' }),
  definition: Definition,
  secrets: Type.Array(Type.Object({ name: Type.String(), createdAt: Instant() }), {
    description: 'Which there are. What they are nobody can read.',
  }),
  authorisation: Type.Union(
    [
      Type.Object({
        redirectUri: Type.String({ description: 'Where people come back to: the other program must know it.' }),
        isAuthorised: Type.Boolean(),
        as: Type.Union([Type.String(), Type.Null()], { description: 'As whom, where the other program says so.' }),
        at: Nullable(Instant()),
      }),
      Type.Null(),
    ],
    { description: 'How it stands where a person allows it at the other program; null: nobody has to.' },
  ),
})

export const toConnection = (row: Connection): Static<typeof ConnectionAnswer> => ({
  id: row.id,
  locationId: isOfAgency(row) ? null : row.locationId,
  name: row.name,
  way: row.way,
  state: row.state,
  stateReason: row.stateReason,
  version: row.version,
  liveVersion: row.liveVersion,
  settings: row.settings,
  failingSince: row.failingSince?.toISOString() ?? null,
  lastError: row.lastError,
  lastAt: row.lastAt?.toISOString() ?? null,
  nextPollAt: row.pollAt?.toISOString() ?? null,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
})

export const Count = () => Type.Integer({ minimum: 0 })
export const RunAnswer = Noun('ConnectionRun', {
  id: Type.String(),
  connectionId: Type.String(),
  kind: Type.Enum([...RUN_KINDS]),
  dryRun: Type.Boolean({ description: 'It only says what would be written.' }),
  version: Type.Integer(),
  state: Type.Enum([...RUN_STATES]),
  error: Nullable(Type.String()),
  total: Type.Union([Type.Integer(), Type.Null()], { description: 'Rows; null where more may come.' }),
  created: Count(),
  updated: Count(),
  unchanged: Count(),
  skipped: Count(),
  failed: Count(),
  fileName: Nullable(Type.String()),
  undoes: Type.Union([Type.String(), Type.Null()], { description: 'The run that this one takes back.' }),
  undoneBy: Nullable(Type.String()),
  writtenBy: Type.Union([Type.String(), Type.Null()], {
    description: 'The run that has written what this dry run looked at.',
  }),
  startedAt: Instant(),
  endedAt: Nullable(Instant()),
})

export const toRun = (run: Run): Static<typeof RunAnswer> => ({
  id: run.id,
  connectionId: run.connectionId,
  kind: run.kind,
  dryRun: run.isDry,
  version: run.version,
  state: run.state,
  error: run.error,
  total: run.total,
  created: run.created,
  updated: run.updated,
  unchanged: run.unchanged,
  skipped: run.skipped,
  failed: run.failed,
  fileName: run.source.fileName ?? null,
  undoes: run.source.undoes ?? null,
  undoneBy: run.undoneBy,
  writtenBy: run.source.writtenBy ?? null,
  startedAt: run.startedAt.toISOString(),
  endedAt: run.endedAt?.toISOString() ?? null,
})

const Problems = () => Type.Array(Type.Object({ at: Type.String(), message: Type.String() }))

export const RowAnswer = Noun('ConnectionRow', {
  id: Type.String(),
  runId: Type.String(),
  place: Type.Integer({ description: 'Where it stood in what came, from 0.' }),
  state: Type.Enum([...ROW_STATES]),
  item: Type.Unknown({ description: 'What came. Absent where the calling token may not read it.' }),
  mapped: Type.Unknown({ description: 'What the mapping made of it.' }),
  externalId: Nullable(Type.String()),
  recordId: Nullable(Type.String()),
  changes: Type.Unknown({ description: 'Of each of our fields that became another: [before, after].' }),
  leftAlone: Type.Array(Type.Object({ to: Type.String(), because: Type.String() })),
  reason: Type.Union([Type.String(), Type.Null()], { description: 'Why it was skipped, or waits.' }),
  problems: Problems(),
  arrivalId: Nullable(Type.String()),
  replayOf: Nullable(Type.String()),
  attempts: Type.Integer(),
  nextAttemptAt: Nullable(Instant()),
  at: Instant(),
})

/** `isShown`: whether the caller may read what is in it. */
export const toRow = (row: Row, isShown: boolean): Static<typeof RowAnswer> => ({
  id: row.id,
  runId: row.runId,
  place: row.place,
  state: row.state,
  item: isShown ? masked(row.item) : null,
  mapped: isShown ? masked(row.mapped) : null,
  externalId: row.externalId,
  recordId: row.recordId,
  changes: isShown ? row.delta : null,
  leftAlone: row.kept ?? [],
  reason: row.reason,
  problems: row.problems ?? [],
  arrivalId: row.arrivalId,
  replayOf: row.replayOf,
  attempts: row.tries,
  nextAttemptAt: row.state === 'waiting' ? (row.dueAt?.toISOString() ?? null) : null,
  at: row.at.toISOString(),
})

export const ArrivalAnswer = Noun('ConnectionArrival', {
  id: Type.String(),
  state: Type.String(),
  error: Nullable(Type.String()),
  headers: Type.Record(Type.String(), Type.String()),
  items: Type.Array(Type.Unknown(), { description: 'What was understood of it, at most ten.' }),
  bytes: Type.Integer(),
  receivedAt: Instant(),
})

export const toArrival = (row: Arrival, items: readonly unknown[]): Static<typeof ArrivalAnswer> => ({
  id: row.id,
  state: row.state,
  error: row.error,
  headers: row.headers,
  items: items.slice(0, 10).map(masked),
  bytes: row.body.length,
  receivedAt: row.receivedAt.toISOString(),
})

/** Where the caller's connections are: in a location, or in the agency itself where none is named. */
export function placeOf(ctx: Context, { locationId }: { locationId?: string }): string {
  return locationId === undefined && speaksForAll(ctx.caller) ? ctx.agencyId : ctx.locationId
}

/** The connection that the caller means. */
export async function getOwn(
  ctx: Context,
  { connectionId: id, locationId }: { connectionId: string; locationId?: string },
  options: { hold?: Hold } = {},
): Promise<Connection> {
  const isPlaced = (locationId ?? ctx.caller.locationId) !== null
  const place = isPlaced ? ctx.locationId : await locateConnection(ctx.db, ctx.caller, id)
  return getConnection(ctx.db, { locationId: place, id }, options)
}

/** The connection, held, and its token: which comes first, for whoever renews it. */
export async function holdWithToken(ctx: Context, input: { connectionId: string; locationId?: string }) {
  await holdToken(ctx.tx, await getOwn(ctx, input))
  return getOwn(ctx, input, { hold: 'alone' })
}

/** What opens or signs on our side: a name in an address. */
export const newAddressSecret = () => randomBytes(24).toString('base64url')
