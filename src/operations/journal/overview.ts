import { Type } from 'typebox'
import { keptFromMs, listListeners, listReaders, MOST_FILES, msOfOffset } from '../../journal/index.ts'
import { operation } from '../define.ts'
import { After, Id, Instant, Limit, Noun, SHIFTING, Skip } from '../schemas.ts'
import { category, Input, Int64 } from './wire.ts'

/** For people: apps ask for their own on the HubSpot wire. Whoever may see who is told by webhook may see this. */
const common = {
  category,
  access: 'read',
  token: 'agency',
  scope: ['webhooks.readonly', 'webhooks.write'],
} as const

const filter = {
  companyId: Id(),
  locationId: Type.Optional(Id('Only what is told of this sub-account.')),
  appId: Type.Optional(Id('Only of this app.')),
}
const Nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T, description: string) =>
  Type.Union([schema, Type.Null()], { description })
const place = {
  appId: Type.String(),
  appName: Type.String(),
  locationId: Nullable(Type.String(), 'Null: of no single sub-account.'),
  locationName: Nullable(Type.String(), 'What people call the sub-account.'),
}

const moment = (offset: string | null) => {
  const ms = offset === null ? null : msOfOffset(offset)
  return ms === null ? null : new Date(ms).toISOString()
}

export const overviewOperations = [
  operation({
    ...common,
    name: 'journals.subscriptions',
    title: 'List All Journal Subscriptions',
    description:
      'Which apps have what told of the sub-accounts of the agency, and of the life of its own apps; the newest first.',
    http: 'GET /journals/subscriptions',
    input: Input({ ...filter, limit: Limit(100, 500), after: Type.Optional(Int64('`after` of the page before.')) }),
    output: Type.Object({
      subscriptions: Type.Array(
        Noun('PlacedJournalSubscription', {
          id: Type.Integer(),
          ...place,
          subscriptionType: Type.String(),
          objectTypeId: Nullable(Type.String(), 'Null: of no single type.'),
          actions: Type.Array(Type.String()),
          properties: Type.Array(Type.String(), { description: 'None: all.' }),
          filters: Type.Integer({ description: 'How many narrow it.' }),
          excludeOwnChanges: Type.Boolean(),
          installed: Type.Boolean({ description: 'False: the app is not there any more, and is told nothing.' }),
          createdAt: Instant(),
        }),
      ),
      after: After(),
    }),
    async run(ctx, { locationId, appId, limit = 100, after }) {
      const rows = await listListeners(ctx.db, { caller: ctx.caller, locationId, appId, limit, after })
      return {
        subscriptions: rows.map((row) => ({
          id: row.id,
          appId: row.appId,
          appName: row.appName,
          locationId: row.locationId || null,
          locationName: row.locationName,
          subscriptionType: row.type,
          objectTypeId: row.objectTypeId || null,
          actions: [...row.actions],
          properties: [...row.properties],
          filters: row.filterCount,
          excludeOwnChanges: row.excludesOwn,
          installed: row.isInstalled,
          createdAt: row.createdAt.toISOString(),
        })),
        after: rows.length < limit ? null : String(rows.at(-1)?.id),
      }
    },
  }),
  operation({
    ...common,
    name: 'journals.readers',
    title: 'List the Readers of Journals',
    description:
      'Who reads what is told of the sub-accounts of the agency, up to where, when last, and how much each has still to ' +
      'read: consumers by their names, and each app that keeps its place itself (to within seconds). An app of the ' +
      'agency is counted by all of its journal, another by what it is told of here. Whoever read last comes first; apps ' +
      'that listen and have never read come at the end.',
    http: 'GET /journals/readers',
    heavy: true,
    input: Input({ ...filter, limit: Limit(50, 200), skip: Skip(SHIFTING) }),
    output: Type.Object({
      readers: Type.Array(
        Noun('JournalReader', {
          ...place,
          consumer: Nullable(Type.String(), 'Null: it keeps its place itself, or has never read.'),
          offset: Nullable(Type.String(), 'How far it has read. Null: not at all.'),
          readAt: Nullable(Instant(), 'When it went on last. Null: never.'),
          unread: Type.Object({
            events: Type.Integer(),
            files: Type.Integer({ description: `Of each journal ${MOST_FILES} are counted.` }),
            more: Type.Boolean({ description: 'There may be more than were counted.' }),
            oldestAt: Nullable(Instant(), 'When the first of them was told. Null: it has read all.'),
          }),
          expired: Type.Boolean({ description: 'Where it stands is not kept any more: it has missed what followed.' }),
        }),
      ),
    }),
    async run(ctx, { locationId, appId, limit = 50, skip = 0 }) {
      const rows = await listReaders(ctx.db, { caller: ctx.caller, locationId, appId, limit, skip })
      const keptMs = keptFromMs(ctx.clock.nowMs(), ctx.config.journalDays)
      return {
        readers: rows.map(({ name, offset, at, files, events, nextOffset, ...where }) => ({
          ...where,
          consumer: name,
          offset,
          readAt: at?.toISOString() ?? null,
          unread: { events, files, more: files >= MOST_FILES, oldestAt: moment(nextOffset) },
          expired: offset !== null && (msOfOffset(offset) ?? keptMs) < keptMs,
        })),
      }
    },
  }),
]
