import assert from 'node:assert/strict'
import { installApp, uninstallApp } from '../../src/auth/installs.ts'
import type { Tx } from '../../src/db/pool.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import { createAsset, updateAsset } from '../../src/store/assets/index.ts'
import { createRecord, deleteRecord, updateRecord } from '../../src/store/records/index.ts'
import type { TestServer } from './server.ts'
import type { TestAgency, TestLocation } from './tenants.ts'

interface World {
  server: TestServer
  agency: TestAgency
  location: TestLocation
  /** An app of the agency. */
  appId: string
}

/** Something of everything that webhooks tell of, each made, changed and deleted. */
export async function everythingHappens(world: World): Promise<void> {
  const contactId = await people(world)
  await deals(world, contactId)
  await talk(world, contactId)
  await objects(world, contactId)
  await live(world)
}

// biome-ignore lint/suspicious/noExplicitAny: documents of all kinds
type Document = Record<string, any>

/** Writes as operations do: each in a transaction of its own. */
function stores({ server, location }: World) {
  const { db, resources, records, clock } = server.app.platform
  const scoped = <T>(write: (scope: never, tx: Tx) => Promise<T>, locationId = location.id) =>
    inTransaction(db, (tx) => {
      const author = { actor: 'test', cause: null, atMs: clock.nowMs() }
      return write({ tx, locationId, author, kinds: [...resources.keys()], records } as never, tx)
    })
  const record = (kind: string) => records.get(kind) as never
  const asset = (kind: string) => resources.get(kind) as never
  return {
    scoped,
    make: (kind: string, document: Document, at?: string) =>
      scoped((scope) => createRecord(scope, record(kind), document), at).then(({ id }) => id),
    change: (kind: string, id: string, changes: Document) =>
      scoped((scope) =>
        updateRecord(scope, record(kind), id, ({ document }) => ({ ...(document as object), ...changes })),
      ),
    drop: (kind: string, id: string) => scoped((scope) => deleteRecord(scope, record(kind), id)),
    makeAsset: (kind: string, document: Document) =>
      scoped((scope) => createAsset(scope, asset(kind), document)).then(({ id }) => id),
    changeAsset: (kind: string, id: string, changes: Document) =>
      scoped((scope) => updateAsset(scope, asset(kind), id, ({ document }) => ({ ...document, ...changes }))),
  }
}

const USER = 'user0000000000000001'
const CONTACT = {
  address1: '1 Main St',
  city: 'Austin',
  companyName: 'Engines',
  country: 'US',
  source: 'form',
  dateOfBirth: '1990-12-10',
  dnd: false,
  email: 'ada@example.com',
  firstName: 'Ada',
  lastName: 'Lovelace',
  phone: '+12125550100',
  postalCode: '73301',
  state: 'TX',
  tags: ['vip'],
  website: 'https://ada.example',
  assignedTo: USER,
  customFields: [{ id: 'field', value: 'x' }],
  type: 'lead',
  followers: [],
}

async function people(world: World): Promise<string> {
  const { agency, location } = world
  const { make, change, drop } = stores(world)
  const contactId = await make('contacts', CONTACT)
  await change('contacts', contactId, { tags: ['vip', 'wedding'] })
  await change('contacts', contactId, { dnd: true, dndSettings: { SMS: { status: 'active' } } })
  const gone = await make('contacts', { ...CONTACT, email: 'gone@example.com', phone: '+12125550101' })
  await drop('contacts', gone)
  const note = await make('notes', { contactId, body: 'Likes mornings', pinned: false })
  await change('notes', note, { body: 'Likes evenings' })
  await drop('notes', note)
  const task = {
    contactId,
    title: 'Call',
    body: 'About the date',
    assignedTo: USER,
    dueDate: '2026-10-25T11:00:00.000Z',
  }
  const taskId = await make('tasks', { ...task, completed: false })
  await change('tasks', taskId, { completed: true })
  await drop('tasks', taskId)
  const enrolment = { assetKind: 'campaigns', assetId: 'campaign', name: 'Spring', state: 'active', history: [] }
  await make('enrolments', { ...enrolment, contactId, enteredAt: '2026-10-25T11:00:00.000Z' })
  const works = { type: 'account', role: 'user', locationIds: [location.id], permissions: { tagsEnabled: true } }
  const named = { firstName: 'Grace', lastName: 'Hopper', email: 'grace@example.com', phone: '+12125550107' }
  await make('users', { ...named, ...works }, agency.companyId)
  return contactId
}

async function deals(world: World, contactId: string): Promise<void> {
  const { server } = world
  const { make, change, drop, makeAsset } = stores(world)
  const deal = {
    name: 'Wedding',
    pipelineId: 'pipeline',
    pipelineStageId: 'stage',
    status: 'open',
    contactId,
    monetaryValue: 40,
    assignedTo: USER,
    source: 'form',
    customFields: [],
    followers: [],
    lastStatusChangeAt: '2026-03-03T09:00:00.000Z',
    lastStageChangeAt: '2026-03-03T09:00:00.000Z',
  }
  const dealId = await make('opportunities', deal)
  for (const changes of [
    { status: 'won' },
    { pipelineStageId: 'last' },
    { monetaryValue: 50 },
    { assignedTo: 'another' },
  ])
    await change('opportunities', dealId, changes)
  await drop('opportunities', dealId)

  const groupId = await makeAsset('calendar_groups', { name: 'Group', description: 'd', slug: 'group', isActive: true })
  const calendars = server.app.platform.resources.get('calendars')
  const calendarId = await makeAsset('calendars', { ...(calendars?.examples[0] as Document), groupId })
  const appointment = await make('appointments', {
    calendarId,
    contactId,
    title: 'Talk',
    address: '1 Main St',
    description: 'Bring the list',
    startTime: '2026-10-26T09:00:00.000Z',
    endTime: '2026-10-26T09:30:00.000Z',
    appointmentStatus: 'confirmed',
    assignedUserId: USER,
    users: [USER],
    assignedResources: [],
    createdBy: { source: 'third_party' },
  })
  await change('appointments', appointment, { appointmentStatus: 'showed' })
  await drop('appointments', appointment)

  const invoice = {
    externalId: 'in-1',
    number: '19',
    name: 'Retainer',
    currency: 'USD',
    contactId,
    total: 100,
    status: 'draft',
    issueDate: '2026-01-01',
    dueDate: '2026-02-01',
    items: [{ name: 'Hours', quantity: 2, price: 50 }],
  }
  const invoiceId = await make('invoices', invoice)
  for (const changes of [
    { status: 'sent' },
    { status: 'partially_paid', amountPaid: 40 },
    { status: 'paid', amountPaid: 100 },
  ])
    await change('invoices', invoiceId, changes)
  await change('invoices', invoiceId, { status: 'void' })
  await drop('invoices', invoiceId)
}

async function talk(world: World, contactId: string): Promise<void> {
  const { make, change } = stores(world)
  const conversationId = await make('conversations', {
    contactId,
    type: 'TYPE_PHONE',
    inbox: true,
    starred: false,
    unreadCount: 0,
    lastMessageDate: '2026-10-25T11:00:00.000Z',
  })
  await change('conversations', conversationId, { unreadCount: 1 })
  const whole = {
    conversationId,
    contactId,
    contentType: 'text/html',
    body: 'Hello',
    html: '<p>Hello</p>',
    attachments: ['https://files.example/a.png'],
    userId: USER,
    conversationProviderId: 'provider',
    emailMessageId: 'mail',
    threadId: 'thread',
    subject: 'Saturday',
    from: 'a@example.com',
    to: ['b@example.com'],
    cc: ['c@example.com'],
    bcc: ['d@example.com'],
    status: 'delivered',
    source: 'app',
    call: { status: 'completed', durationSeconds: 12 },
  }
  await make('messages', { ...whole, messageType: 'TYPE_EMAIL', direction: 'inbound' })
  const planned = { ...whole, messageType: 'TYPE_EMAIL', direction: 'outbound', status: 'scheduled' }
  const later = await make('messages', { ...planned, scheduledFor: '2026-10-25T11:00:00.000Z' })
  await change('messages', later, { status: 'pending' })
}

async function objects(world: World, contactId: string): Promise<void> {
  const { server, location } = world
  const { make, change, drop, makeAsset, changeAsset } = stores(world)
  const objectId = await makeAsset('objects', {
    key: 'custom_objects.pet',
    labels: { singular: 'Pet', plural: 'Pets' },
    description: 'Lives with a contact',
    primaryDisplayProperty: 'custom_objects.pet.name',
  })
  await changeAsset('objects', objectId, { description: 'Lives with somebody' })
  const by = { channel: 'OAUTH', source: 'PUBLIC_API', sourceId: 'test', createdAt: '2026-03-01T09:00:00.000Z' }
  const pet = {
    objectId,
    properties: { name: 'Buddy', age: 3 },
    owner: [USER],
    followers: [],
    createdBy: by,
    lastUpdatedBy: by,
  }
  const petId = await make('object_records', pet)
  await change('object_records', petId, { properties: { name: 'Buddy', age: 4 } })
  const associationId = await makeAsset('associations', {
    key: 'pet_keeper',
    firstObjectLabel: 'Pet',
    firstObjectKey: 'custom_objects.pet',
    secondObjectLabel: 'Keeper',
    secondObjectKey: 'contact',
    associationType: 'USER_DEFINED',
  })
  await changeAsset('associations', associationId, { secondObjectLabel: 'Owner' })
  const here = server.client(location.token)
  const tie = { locationId: location.id, associationId, firstRecordId: petId, secondRecordId: contactId }
  const related = await here.post('/associations/relations', tie)
  assert.equal(related.status, 201, JSON.stringify(related.body))
  // With its relations, which tell all the same what they were.
  assert.equal((await here.delete(`/associations/${associationId}`)).status, 200)
  await drop('object_records', petId)
}

async function live({ server, agency, location, appId }: World): Promise<void> {
  const lives = server.client(agency.token)
  const made = await lives.post('/locations/', {
    companyId: agency.companyId,
    name: 'Third',
    prospectInfo: { firstName: 'A', lastName: 'B', email: 'third@example.com' },
  })
  assert.equal(made.status, 200, JSON.stringify(made.body))
  await lives.put(`/locations/${made.body.id}`, { companyId: agency.companyId, name: 'Renamed' })
  const { db, clock } = server.app.platform
  const place = { appId, agencyId: agency.companyId, locationId: location.id }
  const consent = { userId: 'user', scopes: ['locations.readonly'], futureLocations: false }
  await inTransaction(db, (tx) => installApp(tx, { ...place, ...consent }, clock.nowMs()))
  await inTransaction(db, (tx) => uninstallApp(tx, place, clock.nowMs()))
}
