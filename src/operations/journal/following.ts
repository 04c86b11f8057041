import { Type } from 'typebox'
import { AppError } from '../../errors.ts'
import { deleteConsumer, findConsumer, followJournal, lastOffsets, readFile, setConsumer } from '../../journal/index.ts'
import { withStatus } from '../answer.ts'
import { type Context, operation } from '../define.ts'
import { Instant, Noun } from '../schemas.ts'
import { linesOf } from './lines.ts'
import { checkOffset, type Reading, readingOf } from './reading.ts'
import { common, Input, installOf, Offset, SCOPES } from './wire.ts'

const Name = () =>
  Type.String({ minLength: 1, maxLength: 100, pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$', description: 'Of your choice.' })

const Consumer = Noun('JournalConsumer', {
  name: Type.String(),
  offset: Type.Union([Type.String(), Type.Null()]),
  updatedAt: Instant(),
})

export function followingOperations(family: 'journal' | 'journal-local') {
  const isLocal = family === 'journal-local'
  const noun = isLocal ? 'journalLocal' : 'journal'
  const which = isLocal ? 'the Journal of One Portal' : 'the Journal'
  const ours = { ...common, scope: SCOPES.read } as const
  const Install = () => installOf(isLocal)
  const reading = (ctx: Context, installPortalId: number | undefined) => readingOf(ctx, { isLocal, installPortalId })
  const cursor = { ...ours, query: ['installPortalId'] }
  const lines = (method: string) => linesOf(family, method, '/consumers/:consumer')
  const toKey = ({ journal }: Reading, name: string) => ({ ...journal, name })

  return [
    operation({
      ...ours,
      ...linesOf(family, 'GET', '/stream'),
      name: `${noun}.stream`,
      title: `Stream ${which}`,
      description:
        'Server-sent events: each file as one event, whose id is its offset. It begins after `offset` (or the header ' +
        'Last-Event-ID), else with what comes from now on; `earliest` begins at the beginning.',
      access: 'read',
      follows: true,
      fromHeaders: { offset: 'last-event-id' },
      input: Input({ offset: Type.Optional(Offset()), installPortalId: Install() }),
      output: 'stream',
      async run(ctx, { offset, installPortalId }) {
        const of = await reading(ctx, installPortalId)
        const isPlace = offset !== undefined && offset !== 'earliest' && offset !== 'latest'
        if (isPlace) await checkOffset(ctx, of, offset)
        const [last] = isPlace || offset === 'earliest' ? [] : await lastOffsets(ctx.db, of.journal, 1)
        const after = isPlace ? offset : (last ?? '00000000-0000-7000-8000-000000000000')
        const { journal, portalId } = of
        const body = followJournal({
          db: ctx.db,
          feeds: ctx.journalFeeds,
          places: ctx.readingPlaces,
          journal,
          after,
          read: (at) => readFile(ctx.db, ctx.bodies, { appId: journal.appId, offset: at, portalId }),
          isLetIn: () => ctx.isStillLetIn(() => reading(ctx, installPortalId)),
          signal: ctx.signal,
        })
        return { contentType: 'text/event-stream', body }
      },
    }),
    operation({
      ...cursor,
      ...lines('GET'),
      name: `${noun}.getConsumer`,
      title: `Get a Consumer of ${which}`,
      access: 'read',
      input: Input({ consumer: Name(), installPortalId: Install() }),
      output: Consumer,
      async run(ctx, { consumer: name, installPortalId }) {
        const found = await findConsumer(ctx.db, toKey(await reading(ctx, installPortalId), name))
        if (found === null) throw new AppError('not_found', { what: 'consumer', id: name })
        return { ...found, updatedAt: found.updatedAt.toISOString() }
      },
    }),
    operation({
      ...cursor,
      ...lines('PUT'),
      name: `${noun}.setConsumer`,
      title: `Set a Consumer of ${which}`,
      description: 'Keeps on the server how far a program has read. `offset` null: from the beginning.',
      access: 'write',
      input: Input({
        consumer: Name(),
        installPortalId: Install(),
        offset: Type.Union([Offset(), Type.Null()]),
      }),
      output: Consumer,
      async run(ctx, { consumer: name, installPortalId, offset }) {
        const of = await reading(ctx, installPortalId)
        if (offset !== null) await checkOffset(ctx, of, offset)
        const set = await setConsumer(ctx.tx, toKey(of, name), offset, ctx.clock.nowMs())
        return { ...set, updatedAt: set.updatedAt.toISOString() }
      },
    }),
    operation({
      ...cursor,
      ...lines('DELETE'),
      name: `${noun}.deleteConsumer`,
      title: `Delete a Consumer of ${which}`,
      access: 'destructive',
      status: 204,
      input: Input({ consumer: Name(), installPortalId: Install() }),
      output: Type.Unknown(),
      async run(ctx, { consumer: name, installPortalId }) {
        if (!(await deleteConsumer(ctx.tx, toKey(await reading(ctx, installPortalId), name))))
          throw new AppError('not_found', { what: 'consumer', id: name })
        return withStatus(204, null)
      },
    }),
  ]
}
