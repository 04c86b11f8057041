import { type Static, Type } from 'typebox'
import { isUuid } from '../../ids.ts'
import { firstOffsets, type Journal, knownOffsets, lastOffsets, offsetsAfter } from '../../journal/index.ts'
import { withStatus } from '../answer.ts'
import { type Context, operation } from '../define.ts'
import { Instant } from '../schemas.ts'
import { linesOf } from './lines.ts'
import { checkOffset, pointersTo, type Reading, readingOf } from './reading.ts'
import { common, Input, installOf, Offset, Pointer, SCOPES } from './wire.ts'

const Inline = () => Type.Optional(Type.Boolean({ description: 'Put `journalEvents` beside the URL of the file.' }))
const Count = () => Type.Integer({ minimum: 1, maximum: 100 })

const BatchAnswer = Type.Object({
  status: Type.Literal('COMPLETE'),
  results: Type.Array(Pointer),
  requestedAt: Type.Optional(Instant()),
  startedAt: Instant(),
  completedAt: Instant(),
  numErrors: Type.Optional(Type.Integer()),
  errors: Type.Optional(Type.Array(Type.Unknown())),
})

type Batch = Static<typeof BatchAnswer>

/** The operations of one of the two journals, which differ in whose events they hold. */
export function journalOperations(family: 'journal' | 'journal-local') {
  const isLocal = family === 'journal-local'
  const noun = isLocal ? 'journalLocal' : 'journal'
  const which = isLocal ? 'the Journal of One Portal' : 'the Journal'
  const reads = { ...common, access: 'read', scope: SCOPES.read } as const
  const Install = () => installOf(isLocal)
  const reading = (ctx: Context, installPortalId: number | undefined) => readingOf(ctx, { isLocal, installPortalId })

  async function one(ctx: Context, of: Reading, [offset]: readonly string[], inline: boolean | undefined) {
    if (offset === undefined) return withStatus(204, null as never)
    const [pointer] = await pointersTo(ctx, of, [offset], inline)
    return pointer as Static<typeof Pointer>
  }

  async function batch(
    ctx: Context,
    of: Reading,
    offsets: readonly string[],
    inline: boolean | undefined,
  ): Promise<Batch> {
    const startedAt = new Date(ctx.clock.nowMs()).toISOString()
    const results = await pointersTo(ctx, of, offsets, inline)
    return { status: 'COMPLETE', results, requestedAt: startedAt, startedAt, completedAt: startedAt }
  }

  const end = (
    name: 'earliest' | 'latest',
    read: (db: Context['db'], journal: Journal, count: number) => Promise<string[]>,
  ) => [
    operation({
      ...reads,
      ...linesOf(family, 'GET', `/${name}`),
      name: `${noun}.${name}`,
      title: `Read ${which} at its ${name === 'earliest' ? 'Beginning' : 'End'}`,
      input: Input({ installPortalId: Install(), inline: Inline() }),
      output: Pointer,
      mayBeEmpty: true,
      async run(ctx, { installPortalId, inline }) {
        const of = await reading(ctx, installPortalId)
        return one(ctx, of, await read(ctx.db, of.journal, 1), inline)
      },
    }),
    operation({
      ...reads,
      ...linesOf(family, 'GET', `/batch/${name}/:count`),
      name: `${noun}.batch${name === 'earliest' ? 'Earliest' : 'Latest'}`,
      title: `Read ${which}: the ${name === 'earliest' ? 'First' : 'Last'} Files`,
      input: Input({ count: Count(), installPortalId: Install(), inline: Inline() }),
      output: BatchAnswer,
      async run(ctx, { count, installPortalId, inline }) {
        const of = await reading(ctx, installPortalId)
        return batch(ctx, of, await read(ctx.db, of.journal, count), inline)
      },
    }),
  ]

  return [
    ...end('earliest', firstOffsets),
    ...end('latest', lastOffsets),
    operation({
      ...reads,
      ...linesOf(family, 'GET', '/offset/:offset/next'),
      name: `${noun}.next`,
      title: `Follow ${which}`,
      description:
        'The file after an offset; 204 when there is none yet. With `wait` the answer comes as soon as there is one, ' +
        'or after so many seconds.',
      input: Input({
        offset: Offset(),
        installPortalId: Install(),
        inline: Inline(),
        wait: Type.Optional(Type.Integer({ minimum: 1, maximum: 30, description: 'Seconds.' })),
      }),
      output: Pointer,
      mayBeEmpty: true,
      async run(ctx, { offset, installPortalId, inline, wait }) {
        const of = await reading(ctx, installPortalId)
        await checkOffset(ctx, of, offset)
        ctx.readingPlaces.note(of.journal, offset)
        const next = () => offsetsAfter(ctx.db, of.journal, offset, 1)
        const found = wait === undefined ? await next() : await ctx.journalFeeds.until(next, wait * 1000, ctx.signal)
        return one(ctx, of, found, inline)
      },
    }),
    operation({
      ...reads,
      ...linesOf(family, 'GET', '/batch/:offset/next/:count'),
      name: `${noun}.batchNext`,
      title: `Follow ${which} by Many Files at a Time`,
      input: Input({ offset: Offset(), count: Count(), installPortalId: Install(), inline: Inline() }),
      output: BatchAnswer,
      async run(ctx, { offset, count, installPortalId, inline }) {
        const of = await reading(ctx, installPortalId)
        await checkOffset(ctx, of, offset)
        ctx.readingPlaces.note(of.journal, offset)
        return batch(ctx, of, await offsetsAfter(ctx.db, of.journal, offset, count), inline)
      },
    }),
    operation({
      ...reads,
      ...linesOf(family, 'POST', '/batch/read'),
      name: `${noun}.batchRead`,
      title: `Read Files of ${which}`,
      query: ['installPortalId', 'inline'],
      input: Input({
        inputs: Type.Array(Offset(), { minItems: 1, maxItems: 100 }),
        installPortalId: Install(),
        inline: Inline(),
      }),
      output: BatchAnswer,
      async run(ctx, { inputs, installPortalId, inline }) {
        const of = await reading(ctx, installPortalId)
        const wanted = [...new Set(inputs)]
        const known = new Set(await knownOffsets(ctx.db, of.journal, wanted.filter(isUuid)))
        const answer = await batch(
          ctx,
          of,
          wanted.filter((offset) => known.has(offset)),
          inline,
        )
        const missing = wanted.filter((offset) => !known.has(offset))
        if (missing.length === 0) return answer
        return withStatus(207, {
          ...answer,
          numErrors: missing.length,
          errors: missing.map((offset) => ({
            status: 'error',
            category: 'OBJECT_NOT_FOUND',
            message: `journal offset ${offset} was not found`,
            context: { ids: [offset] },
            errors: [],
            links: {},
          })),
        })
      },
    }),
  ]
}
