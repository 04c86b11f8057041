import type { ValueFault } from '../../objects/index.ts'
import type { RecordDocument } from '../../store/records/index.ts'
import { BLANK } from '../contacts/index.ts'
import type { Context } from '../define.ts'
import { appointments, invoices, messages, type Rules } from './engagement-rules.ts'
import type { Shelf } from './shelf.ts'

const now = (ctx: Context) => new Date(ctx.author.atMs).toISOString()
const writer = (ctx: Context) => ({
  source: ctx.caller.person === undefined ? 'token' : 'person',
  id: ctx.caller.tokenId,
})
const channel = (ctx: Context) => ({
  channel: 'OAUTH',
  source: 'PUBLIC_API',
  sourceId: ctx.caller.tokenId,
  createdAt: now(ctx),
})
const NOTHING: Rules = { blank: () => ({}) }

const RULES: Readonly<Record<string, Rules>> = {
  contacts: { blank: () => BLANK },
  businesses: {
    blank: (ctx) => ({ createdBy: writer(ctx) }),
    // A company may be known by its domain alone; here it has a name.
    written: (ctx, next) => ({
      ...next,
      name: next.name ?? (next.properties as RecordDocument | undefined)?.domain ?? next.website ?? 'Company',
      updatedBy: writer(ctx),
    }),
  },
  opportunities: {
    blank: (ctx) => ({
      name: '',
      status: 'open',
      pipelineId: '',
      customFields: [],
      followers: [],
      lastStatusChangeAt: now(ctx),
      lastStageChangeAt: now(ctx),
    }),
    written: (ctx, next, before) => ({
      ...next,
      name: next.name ?? '',
      ...(before !== null && (before.pipelineId !== next.pipelineId || before.pipelineStageId !== next.pipelineStageId)
        ? { lastStageChangeAt: now(ctx) }
        : {}),
      ...(before !== null && before.status !== next.status ? { lastStatusChangeAt: now(ctx) } : {}),
    }),
  },
  notes: {
    blank: () => ({ body: '', pinned: false }),
    written: (_ctx, next) => ({ ...next, body: next.body ?? '' }),
  },
  tasks: {
    blank: (ctx) => ({ title: '', dueDate: now(ctx), completed: false }),
    written: (ctx, next) => ({ ...next, title: next.title ?? '', dueDate: next.dueDate ?? now(ctx) }),
  },
  object_records: {
    blank: (ctx, { type }) => ({
      objectId: type.custom?.assetId,
      properties: {},
      owner: [],
      followers: [],
      createdBy: channel(ctx),
    }),
    written: (ctx, next) => ({
      ...next,
      properties: next.properties ?? {},
      owner: next.owner ?? [],
      lastUpdatedBy: channel(ctx),
    }),
  },
  messages,
  appointments,
  invoices,
}

/** The beginnings of a new object. */
export const blankOf = (ctx: Context, shelf: Shelf): RecordDocument => rulesOf(shelf).blank(ctx, shelf)

export function writtenAs(
  ctx: Context,
  shelf: Shelf,
  next: RecordDocument,
  before: RecordDocument | null,
): RecordDocument {
  return rulesOf(shelf).written?.(ctx, next, before) ?? next
}

/** What is wrong with an object as a whole. */
export const faultsIn = (shelf: Shelf, next: RecordDocument): ValueFault[] =>
  rulesOf(shelf).faultsIn?.(next, shelf.type) ?? []

const rulesOf = ({ type }: Shelf): Rules => RULES[type.kind] ?? NOTHING
