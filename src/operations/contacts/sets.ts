import type { Left, MappedItem, Writing as OfRun, Written } from '../../connect/index.ts'
import { changesOf, type DryWorld, type MappedValues } from '../../connect/index.ts'
import { AppError } from '../../errors.ts'
import { contacts } from '../../resources/records/contacts.ts'
import { eachOnce, naturalKey } from '../../store/natural-key.ts'
import {
  emailsOf,
  findByIdentity,
  hasId,
  holdTagNames,
  type Identity,
  listRecords,
  lockIdentity,
  newRow,
  nextRow,
  ownOf,
  phonesOf,
  type RecordDocument,
  type RecordRow,
  recordsOfExternalIds,
} from '../../store/records/index.ts'
import type { Writing } from '../define.ts'
import { type Plan, writeSet } from '../write-sets.ts'
import { applyChanges, BLANK, toChanges } from './documents.ts'
import { allowsDuplicates, identityOf, keepPrimary, leaveOut, toMatch } from './duplicates.ts'
import { ensureTags } from './tags.ts'

/*
 * Contacts of a connection, many at a time: the rules of an upsert (`upsertContact`), asked and written in sets. Who is
 * who, whose e-mail is taken and what becomes of a document is decided by the same functions.
 */

const MOST_PER_ITEM = 20
const CUSTOM = 'customFields.'

/** What the mapping calls our fields, as a caller would write them. */
export function toInput(values: MappedValues): RecordDocument {
  const input: RecordDocument = {}
  const customFields: { key: string; value: unknown }[] = []
  for (const [name, value] of Object.entries(values)) {
    if (name.startsWith(CUSTOM)) customFields.push({ key: name.slice(CUSTOM.length), value })
    else input[name] = value === null ? '' : value
  }
  return customFields.length === 0 ? input : { ...input, customFields }
}

const identityOfItem = ({ values }: MappedItem): Identity => identityOf(values as RecordDocument)

/** What no two items of one statement share. */
export const ownOfContact = (item: MappedItem): string[] => [...ownOf(identityOfItem(item))]

interface Known {
  byId: Map<string, RecordRow>
  byExternalId: Map<string, RecordRow>
  all: RecordRow[]
}

/** Whoever the items may be: by what is known of theirs, by their id there, by e-mail and phone. */
async function lookUp(ctx: Writing, items: readonly MappedItem[], dry: DryWorld | null): Promise<Known> {
  const identities = items.map(identityOfItem)
  const emails = [...new Set(identities.flatMap(emailsOf))]
  const phones = [...new Set(identities.flatMap(phonesOf))]
  const linked = items.flatMap(({ link }) => link?.recordId ?? [])
  const externalIds = items.flatMap(({ externalId }) => externalId ?? [])
  const most = MOST_PER_ITEM * items.length
  const wanted = { emails, phones, email: undefined, phone: undefined, most }
  const found = [
    ...(linked.length === 0
      ? []
      : await listRecords(ctx.db, contacts, ctx.locationId, { where: hasId(linked), limit: linked.length })),
    ...(await recordsOfExternalIds(ctx.db, contacts, ctx.locationId, externalIds)),
    ...(emails.length + phones.length === 0 ? [] : await findByIdentity(ctx.db, ctx.locationId, wanted)),
  ]
  const keys = [...emails, ...phones, ...externalIds.map((id) => `id ${id}`)]
  const rows = dry === null ? found : [...found.map((row) => dry.seen(row)), ...dry.having(keys), ...dryOf(dry, linked)]
  const byId = new Map(rows.map((row) => [row.id, row]))
  const all = [...byId.values()]
  const byExternalId = new Map(all.map((row) => [String(row.document.externalId ?? ''), row]))
  byExternalId.delete('')
  return { byId, byExternalId, all }
}

const dryOf = (dry: DryWorld, ids: readonly string[]) => ids.flatMap((id) => dry.get(id) ?? [])

/** Who an item is, and who else has what it calls its own. */
function matchesOf(item: MappedItem, keys: readonly string[], candidates: Candidates, { byId, byExternalId }: Known) {
  const identity = identityOfItem(item)
  const near = [...new Set([...ownOf(identity)].flatMap((own) => candidates.get(own) ?? []))]
  const matches = near.map((contact) => toMatch(contact, identity)).sort((a, b) => a.rank - b.rank || age(a, b))
  const linked = item.link === null ? undefined : byId.get(item.link.recordId)
  const chosen = keys.flatMap((key) => {
    if (key === 'externalId') return linked ?? byExternalId.get(item.externalId ?? '') ?? []
    return matches.find(({ field }) => field === key)?.contact ?? []
  })[0]
  return { chosen: chosen ?? linked, matches }
}

const age = (a: { contact: RecordRow }, b: { contact: RecordRow }) =>
  a.contact.createdAt.getTime() - b.contact.createdAt.getTime()

type Candidates = ReadonlyMap<string, RecordRow[]>

function candidatesOf(rows: readonly RecordRow[]): Candidates {
  const found = new Map<string, RecordRow[]>()
  for (const row of rows)
    for (const own of ownOf(identityOf(row.document))) found.set(own, [...(found.get(own) ?? []), row])
  return found
}

/** What a mapping can compare with what comes: values of custom fields by their keys, of tags those that are theirs. */
function oursOf(
  ctx: Writing,
  { customFields, ...rest }: RecordDocument,
  { link, values: come }: MappedItem,
): RecordDocument {
  const keys = new Map((ctx.known?.fields ?? []).map(({ id, document }) => [id, keyOf(String(document.fieldKey))]))
  const values = (customFields ?? []) as { id: string; value: unknown }[]
  const theirs = new Set(
    [link?.synced.values.tags, come.tags].flatMap((tags) => (Array.isArray(tags) ? tags : [])).map(naturalKey),
  )
  const tags = ((rest.tags ?? []) as string[]).filter((tag) => theirs.has(naturalKey(tag)))
  const name = [rest.firstName, rest.lastName].filter((part) => part !== undefined).join(' ')
  const custom = values.map(({ id, value }) => [`${CUSTOM}${keys.get(id) ?? id}`, value])
  return { ...rest, tags, name, ...Object.fromEntries(custom) }
}

const keyOf = (fieldKey: string) => fieldKey.replace(/^contact\./, '')

/** Works out, and writes unless it is a dry run. No two items share what is their own. */
export async function writeContacts(
  ctx: Writing,
  items: readonly MappedItem[],
  { mapping, dry }: Pick<OfRun, 'mapping' | 'dry'>,
): Promise<Written[]> {
  if (dry === null) await lockIdentity(ctx.tx, ctx.locationId, everyOwn(items))
  const tags = eachOnce(items.flatMap(({ values }) => (Array.isArray(values.tags) ? values.tags : [])))
  if (dry === null && tags.length > 0) {
    await holdTagNames(ctx.tx, ctx.locationId)
    await ensureTags(ctx, tags)
  }
  const known = await lookUp(ctx, items, dry)
  const candidates = candidatesOf(known.all)
  const matched = items.map((item) => matchesOf(item, mapping.keys, candidates, known))
  const found = matched.map(({ chosen }) => chosen)
  const mayRepeat = await allowsDuplicates(ctx)
  return writeSet(
    ctx,
    { resource: contacts, items, found, dry },
    {
      plan(item, before, place) {
        const matches = mayRepeat ? [] : (matched[place]?.matches ?? [])
        const others = new Set(
          matches.filter(({ contact }) => contact.id !== before?.id).flatMap(({ shared }) => [...shared]),
        )
        return planContact(ctx, item, { before, others, mapping }).catch(toFailure)
      },
      keysOf: ({ document }) => [...ownOf(identityOf(document)), `id ${document.externalId}`],
      alone: (item) => writeContacts(ctx, [item], { mapping, dry }),
    },
  )
}

const everyOwn = (items: readonly MappedItem[]): Identity => {
  const identities = items.map(identityOfItem)
  const names = items.flatMap(({ externalId }) => (externalId === null ? [] : [`customer/${externalId}`]))
  return {
    additionalEmails: [...identities.flatMap(emailsOf), ...names],
    additionalPhones: identities.flatMap(phonesOf),
  }
}

interface Standing {
  before: RecordRow | null
  others: ReadonlySet<string>
  mapping: OfRun['mapping']
}

async function planContact(ctx: Writing, item: MappedItem, { before, others, mapping }: Standing): Promise<Plan> {
  const { externalId, link, values } = item
  if (before === null && externalId === null && ownOfContact(item).length === 0)
    throw new AppError('bad_request', { reason: 'It has neither an id, nor an e-mail, nor a phone to be known by' })
  const { write, left } = changesOf(mapping, {
    ours: before === null ? null : oursOf(ctx, before.document, item),
    incoming: values,
    lastSynced: link?.synced.values ?? null,
    ...(before === null ? {} : { oursChangedAt: before.updatedAt.toISOString() }),
    ...(item.changedAt === undefined ? {} : { incomingChangedAt: item.changedAt }),
  })
  const input = toInput(write)
  if (externalId !== null && before?.document.externalId === undefined) input.externalId = externalId
  if (before !== null && Array.isArray(write.tags))
    input.tags = tagsAfter(before.document, write.tags, link?.synced.values)
  const changes = await toChanges(ctx, input, before?.document)
  if (before === null) {
    const own = leaveOut(changes, others)
    return { before, after: newRow(ctx.author, contacts, { document: applyChanges(BLANK, own) }), left }
  }
  const kept = keepPrimary(leaveOut(changes, others), before.document)
  const after = nextRow(ctx, contacts, before, applyChanges(before.document, kept))
  return { before, after, left: [...left, ...takenFrom(changes, kept)] }
}

const takenFrom = (changes: RecordDocument, kept: RecordDocument): Left[] =>
  Object.keys(changes)
    .filter((name) => !(name in kept))
    .map((to) => ({ to, because: 'It is another contact’s, or this one’s already' }))

/** Tags that others gave stay; those that came from there go when they go there. */
function tagsAfter({ tags }: RecordDocument, incoming: readonly string[], synced: MappedValues | undefined): string[] {
  const gone = new Set((Array.isArray(synced?.tags) ? synced.tags : []).map(naturalKey))
  for (const tag of incoming) gone.delete(naturalKey(tag))
  return eachOnce([...((tags ?? []) as string[]).filter((tag) => !gone.has(naturalKey(tag))), ...incoming])
}

function toFailure(error: unknown): Written {
  if (!(error instanceof AppError) || error.status >= 500) throw error
  const faults = error.faults ?? [error.message]
  const problems = faults.map((message) => ({ at: /^[\w.[\]]+(?=[: ])/.exec(message)?.[0] ?? '', message }))
  return { outcome: 'failed', problems }
}
