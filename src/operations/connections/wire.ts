import { randomBytes } from 'node:crypto'
import { type Static, type TProperties, Type } from 'typebox'
import { holdsOneOf, speaksForAll } from '../../auth/caller.ts'
import {
  type Arrival,
  type Connection,
  compiledOf,
  createAddressGuard,
  Definition,
  emailFaults,
  getConnection,
  isOfAgency,
  locateConnection,
  MappingFault,
  masked,
  ROW_STATES,
  type Row,
  RUN_KINDS,
  RUN_STATES,
  type Run,
  STATES,
  urlFault,
  WAYS,
} from '../../connect/index.ts'
import { AppError, invalid } from '../../errors.ts'
import { contacts } from '../../resources/records/contacts.ts'
import { invoices } from '../../resources/records/invoices.ts'
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

const connection = {
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
  definition: Definition,
  secrets: Type.Array(Type.Object({ name: Type.String(), createdAt: Instant() }), {
    description: 'Which there are. What they are nobody can read.',
  }),
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
  options: { hold?: boolean } = {},
): Promise<Connection> {
  const isPlaced = (locationId ?? ctx.caller.locationId) !== null
  const place = isPlaced ? ctx.locationId : await locateConnection(ctx.db, ctx.caller, id)
  return getConnection(ctx.db, { locationId: place, id }, options)
}

const KINDS = { contact: contacts, invoice: invoices } as const
type Made = Definition['mapping']['object']

/** What opens or signs on our side: a name in an address. */
export const newAddressSecret = () => randomBytes(24).toString('base64url')

const scopesOf = (object: Made) => (object === 'location' ? 'locations.write' : KINDS[object].scopes.write)

/**
 * Nobody has a connection write what they could not; and sub-accounts are made by a connection of the agency, which makes
 * nothing else.
 */
export function refuseBeyond(
  { caller, agencyId }: Context,
  { locationId }: Pick<Connection, 'locationId'>,
  { mapping }: Definition,
): void {
  const isAgencys = isOfAgency({ locationId, agencyId })
  if (isAgencys && mapping.object !== 'location')
    throw invalid([`mapping.object: the ${mapping.object}s of which location? Name its locationId`])
  if (!isAgencys && mapping.object === 'location')
    throw invalid(['mapping.object: locations are made by a connection of the agency: its token, and no locationId'])
  if (!holdsOneOf(caller.scopes, [scopesOf(mapping.object)])) throw new AppError('scope_missing')
}

/** Whether the caller may read what a connection brings. */
export function mayRead({ caller }: Context, { mapping }: Definition): boolean {
  if (mapping.object === 'location') return holdsOneOf(caller.scopes, ['locations.readonly', 'locations.write'])
  const { read, write } = KINDS[mapping.object].scopes
  return holdsOneOf(caller.scopes, [read, write])
}

/** 422 with everything that is wrong with it. */
export function checkDefinition(definition: Definition): void {
  const { mail } = definition.source
  const faults = mail === undefined ? [] : emailFaults(mail)
  if (faults.length > 0) throw invalid(faults.map(({ at, message }) => `source.mail.${at}: ${message}`))
  try {
    compiledOf(definition.mapping)
  } catch (error) {
    if (!(error instanceof MappingFault)) throw error
    throw invalid(error.problems.map(({ at, message }) => `mapping.${at}: ${message}`))
  }
}

export function checkSettings(ctx: Context, { alertUrl }: { alertUrl?: string | null }): void {
  if (typeof alertUrl !== 'string') return
  const fault = urlFault(alertUrl, createAddressGuard(ctx.config.outgoingNetworks))
  if (fault !== null) throw invalid([`settings.alertUrl: ${fault}`])
}
