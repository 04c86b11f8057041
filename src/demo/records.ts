import { createHash } from 'node:crypto'
import type { Tx } from '../db/pool.ts'
import { findStandardType, labelKind, type ObjectType, relate } from '../objects/index.ts'
import type { Platform } from '../operations/platform.ts'
import { findAsset } from '../store/assets/index.ts'
import { createRecords, getRecord, type RecordScope, writeFile } from '../store/records/index.ts'
import { demoBlog } from './blog.ts'
import { demoAppointments, demoBusinesses, demoInvoices, demoOpportunities, demoUsers } from './business.ts'
import { createDice } from './chance.ts'
import { demoSound, demoTalk, demoTranscription } from './messages.ts'
import { type DemoRecord, type DemoWorld, demoContacts, demoNotes, demoTasks } from './people.ts'
import { demoSubmissions, demoVenues } from './venues.ts'

export interface DemoPlace {
  companyId: string
  locationId: string
  /** Ids of the demo's assets, as `kind/ref` and `kind/ref#part`. */
  assets: ReadonlyMap<string, string>
}

/**
 * Fills the template location with two thousand people and what happened with them: the same each time, a few
 * statements for each kind.
 */
export async function createDemoRecords(
  platform: Platform,
  tx: Tx,
  { companyId, locationId, assets }: DemoPlace,
): Promise<void> {
  const author = { actor: 'system', cause: 'demo', atMs: platform.clock.nowMs() }
  const store = async (kind: string, records: readonly DemoRecord[], owner = locationId) => {
    const resource = platform.records.get(kind)
    if (resource === undefined) throw new Error(`there is no kind ${kind}`)
    await createRecords({ tx, locationId: owner, author }, resource, records)
  }
  const dice = createDice()
  const users = demoUsers(locationId)
  const businesses = demoBusinesses()
  const world: DemoWorld = { assets, userIds: users.map(({ id }) => id), businessIds: businesses.map(({ id }) => id) }
  const people = demoContacts(dice, world)
  // Users belong to the agency.
  await store('users', users, companyId)
  await store('businesses', businesses)
  await store('contacts', people)
  await store('object_records', demoVenues(assets.get('objects/venue')))
  await store('form_submissions', demoSubmissions(people, assets.get('forms/inquiry')))
  await store('tasks', demoTasks(dice, people, world))
  await store('notes', demoNotes(dice, people, world))
  await store('opportunities', demoOpportunities(dice, people, world))
  await store('appointments', demoAppointments(dice, people, world, 'calendars/consultation'))
  await store('invoices', demoInvoices(dice, people))
  const [planner, couple] = people as [DemoRecord, DemoRecord]
  await relateDemo({ tx, locationId, author }, assets.get('associations/planner'), [planner.id, couple.id])
  const { blogs, authors, categories, posts } = demoBlog()
  await store('blogs', blogs)
  await store('blog_authors', authors)
  await store('blog_categories', categories)
  await store('blog_posts', posts)
  const { conversations, messages, call } = demoTalk(dice, people)
  await store('conversations', conversations)
  await store('messages', messages)
  await store('transcriptions', [demoTranscription(call)])
  const sound = demoSound()
  const { conversationId, contactId } = call.document
  const sha256 = createHash('sha256').update(sound).digest('hex')
  const recording = { conversationId, contactId, contentType: 'audio/x-wav', sizeBytes: sound.length, sha256 }
  await store('recordings', [{ id: call.id, document: recording, createdAtMs: call.createdAtMs }])
  await writeFile(tx, locationId, call.id, once(sound))
}

/** Two of the people, by an association. */
async function relateDemo(scope: RecordScope, associationId: string | undefined, ids: [string, string]): Promise<void> {
  const { tx, locationId } = scope
  const type = findStandardType('contact') as ObjectType
  const [association, ...people] = await Promise.all([
    findAsset(tx, labelKind, locationId, associationId ?? ''),
    ...ids.map((id) => getRecord(tx, { kind: 'contacts', noun: 'contact' }, locationId, id)),
  ])
  const [first, second] = people.map(({ objectId }) => ({ type, objectId }))
  if (association && first && second) await relate(scope, association, { first, second })
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
