import { AppError, invalid } from '../../errors.ts'
import { campaigns } from '../../resources/campaigns.ts'
import { contacts } from '../../resources/records/contacts.ts'
import { enrolments } from '../../resources/records/enrolments.ts'
import { workflows } from '../../resources/workflows.ts'
import { listAssetRows } from '../../store/assets/index.ts'
import {
  allOf,
  type Condition,
  createRecord,
  equals,
  getRecord,
  listRecords,
  updateRecord,
  updateRecords,
} from '../../store/records/index.ts'
import type { Context } from '../define.ts'
import { readMoment } from '../moments.ts'

export type Kind = 'workflows' | 'campaigns'
const NOUNS: Record<Kind, string> = { workflows: workflows.noun, campaigns: campaigns.noun }

interface Entry {
  contactId: string
  kind: Kind
  assetId: string
  eventStartTime?: string | undefined
}

const activeIn = ({ contactId, kind }: Pick<Entry, 'contactId' | 'kind'>): Condition =>
  allOf([equals('contactId', contactId), equals('assetKind', kind), equals('state', 'active')])

/** A contact is in a workflow or campaign once at a time: entering again while it is there changes nothing. */
export async function enrol(ctx: Context, entry: Entry): Promise<void> {
  const { contactId, kind, assetId, eventStartTime } = entry
  if (eventStartTime !== undefined && readMoment(eventStartTime, 'UTC') === null)
    throw invalid(['eventStartTime must be a valid ISO 8601 date string'])
  // Locking the contact lets one of two simultaneous requests in.
  await updateRecord(ctx.scope, contacts, contactId, ({ document }) => document)
  const asset = await findEntered(ctx, kind, assetId)
  if (asset === null) throw new AppError('not_found', { what: NOUNS[kind], id: assetId })
  const [present] = await listRecords(ctx.db, enrolments, ctx.locationId, {
    where: allOf([activeIn(entry), equals('assetId', assetId)]),
    limit: 1,
  })
  if (present !== undefined) return
  const at = new Date(ctx.author.atMs).toISOString()
  await createRecord(ctx.scope, enrolments, {
    contactId,
    assetKind: kind,
    assetId,
    name: asset.name,
    state: 'active',
    enteredAt: at,
    eventStartTime,
    history: [{ state: 'active', at }],
  })
}

async function findEntered(ctx: Context, kind: Kind, assetId: string) {
  return (await listAssetRows(ctx.db, ctx.locationId, kind, { ids: [assetId] }))[0] ?? null
}

/**
 * Ends what is still active. A contact that is not enrolled is no error: the caller has what they want. A workflow or
 * campaign that is nowhere is one, unless it is gone and the contact was in it.
 */
export async function remove(ctx: Context, entry: Omit<Entry, 'assetId'> & { assetId?: string }): Promise<void> {
  await getRecord(ctx.db, contacts, ctx.locationId, entry.contactId)
  const where = allOf([activeIn(entry), ...(entry.assetId === undefined ? [] : [equals('assetId', entry.assetId)])])
  const at = new Date(ctx.author.atMs).toISOString()
  const ended = await updateRecords(ctx.scope, enrolments, where, ({ document }) => ({
    ...document,
    state: 'removed',
    history: [...(document.history as unknown[]), { state: 'removed', at }],
  }))
  const { contactId, kind, assetId } = entry
  if (ended.length > 0 || assetId === undefined || (await findEntered(ctx, kind, assetId)) !== null) return
  const [earlier] = await listRecords(ctx.db, enrolments, ctx.locationId, {
    where: allOf([equals('contactId', contactId), equals('assetKind', kind), equals('assetId', assetId)]),
    limit: 1,
  })
  if (earlier === undefined) throw new AppError('not_found', { what: NOUNS[kind], id: assetId })
}
