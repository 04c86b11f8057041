import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { HighLevel } from '@gohighlevel/api-client'
import { type Story, startStory } from '../support/stories.ts'

let story: Story
let sdk: HighLevel
let companyId: string
// Private in the type declarations only; setting it is how the client is pointed at another server.
const settings = HighLevel as unknown as { BASE_URL: string }
const originalUrl = settings.BASE_URL

before(async () => {
  story = await startStory()
  companyId = story.demo.companyId
  // As the SDK's users do it: the base URL before construction, and the agency's private integration token.
  settings.BASE_URL = story.server.url
  sdk = new HighLevel({ privateIntegrationToken: story.demo.agencyToken })
})
after(async () => {
  settings.BASE_URL = originalUrl
  await story?.[Symbol.asyncDispose]()
})

test('the official client, as agency: its four snapshot methods', async () => {
  const { agency, template, empty } = story
  const snapshot = await agency.capture(template.id)
  const { snapshots } = await sdk.snapshots.getCustomSnapshots({ companyId })
  assert.deepEqual(
    snapshots?.map(({ id, name, type }) => ({ id, name, type })),
    [{ id: snapshot.id, name: 'Snapshot', type: 'own' }],
  )
  const share = await sdk.snapshots.createSnapshotShareLink(
    { companyId },
    { snapshot_id: snapshot.id, share_type: 'permanent_link' },
  )
  assert.equal(share.shareLink, `${story.server.url}/?share=${share.id}`)
  await agency.push(snapshot.id, [empty.id])
  const pushed = await sdk.snapshots.getSnapshotPush({
    companyId,
    snapshotId: snapshot.id,
    from: '10-10-2022 12:00 AM',
    to: '12-18-2099 11:59 PM',
    lastDoc: '',
    limit: '10',
  })
  assert.deepEqual(
    pushed.data?.map((row) => [row.locationId, row.status]),
    [[empty.id, 'completed']],
  )
  assert.ok(!Number.isNaN(Date.parse(pushed.data?.[0]?.dateAdded ?? '')))
  const beyond = await sdk.snapshots.getSnapshotPush({
    companyId,
    snapshotId: snapshot.id,
    from: '2022-10-10',
    to: '2099-12-18',
    lastDoc: pushed.data?.[0]?.id ?? '',
    limit: '10',
  })
  assert.deepEqual(beyond.data, [])
  const latest = await sdk.snapshots.getLatestSnapshotPush({ companyId, snapshotId: snapshot.id, locationId: empty.id })
  assert.equal(latest.data?.status, 'completed')
  assert.deepEqual(latest.data?.pending, [])
  for (const kind of ['forms', 'surveys', 'funnels', 'workflows', 'custom_fields', 'custom_values', 'tags'])
    assert.ok(latest.data?.completed?.includes(kind), kind)
})

test('the official client, as agency: its location methods, with a snapshot loaded on creation and on update', async () => {
  const { agency, template, server } = story
  const snapshot = await agency.capture(template.id)
  const made = await sdk.locations.createLocation({
    companyId,
    name: 'Mark Shoes',
    country: 'US',
    timezone: 'America/Chicago',
    snapshotId: snapshot.id,
  } as never)
  assert.ok(made.id)
  const locationId = made.id as string
  const settled = async () => {
    for (;;) {
      const { data } = await sdk.snapshots.getLatestSnapshotPush({ companyId, snapshotId: snapshot.id, locationId })
      if (data?.status !== 'pending' && data?.status !== 'processing') return data?.status
    }
  }
  assert.equal(await settled(), 'completed')
  assert.equal((await sdk.locations.getLocation({ locationId })).location?.name, 'Mark Shoes')
  const found = await sdk.locations.searchLocations({ companyId, limit: '100' } as never)
  assert.ok((found as { locations: { id: string }[] }).locations.some((row) => row.id === locationId))
  const { forms } = (await server.client(story.demo.agencyToken).get(`/forms/?locationId=${locationId}`)).body
  await server.client(story.demo.agencyToken).put(`/forms/${forms[0].id}`, { name: 'Edited by the client' })
  await sdk.locations.putLocation({ locationId }, {
    companyId,
    name: 'Mark Boots',
    snapshot: { id: snapshot.id, override: true },
  } as never)
  assert.equal(await settled(), 'completed')
  const after = (await server.client(story.demo.agencyToken).get(`/forms/?locationId=${locationId}`)).body.forms
  assert.deepEqual(after, forms, "override takes the snapshot's side")
  assert.equal((await sdk.locations.getLocation({ locationId })).location?.name, 'Mark Boots')
  const { timeZones } = (await sdk.locations.getTimezones({ locationId })) as unknown as { timeZones: string[] }
  assert.ok(timeZones.includes('America/New_York'))
  await sdk.locations.deleteLocation({ locationId, deleteTwilioAccount: false } as never)
  await assert.rejects(sdk.locations.getLocation({ locationId }))
})

test('the official client, as agency: custom fields, custom values and tags of a location it names', async () => {
  const locationId = story.empty.id
  const { customField } = await sdk.locations.createCustomField({ locationId }, {
    name: 'Colour',
    dataType: 'TEXT',
    model: 'contact',
  } as never)
  const fieldId = customField?.id as string
  await sdk.locations.updateCustomField({ locationId, id: fieldId }, { name: 'Hue' } as never)
  assert.equal((await sdk.locations.getCustomField({ locationId, id: fieldId })).customField?.name, 'Hue')
  assert.ok((await sdk.locations.getCustomFields({ locationId })).customFields?.some((row) => row.id === fieldId))
  await sdk.locations.deleteCustomField({ locationId, id: fieldId })

  const { customValue } = await sdk.locations.createCustomValue(
    { locationId },
    { name: 'Motto', value: 'Slow is smooth' },
  )
  const valueId = customValue?.id as string
  await sdk.locations.updateCustomValue({ locationId, id: valueId }, { name: 'Motto', value: 'Smooth is fast' })
  assert.equal((await sdk.locations.getCustomValue({ locationId, id: valueId })).customValue?.value, 'Smooth is fast')
  assert.ok((await sdk.locations.getCustomValues({ locationId })).customValues?.some((row) => row.id === valueId))
  await sdk.locations.deleteCustomValue({ locationId, id: valueId })

  const { tag } = await sdk.locations.createTag({ locationId }, { name: 'walk-in' })
  const tagId = tag?.id as string
  await sdk.locations.updateTag({ locationId, tagId }, { name: 'regular' })
  assert.equal((await sdk.locations.getTagById({ locationId, tagId })).tag?.name, 'regular')
  assert.ok((await sdk.locations.getLocationTags({ locationId })).tags?.some((row) => row.id === tagId))
  await sdk.locations.deleteTag({ locationId, tagId })
})

test('the official client, as agency: calendars by location and by id', async () => {
  const locationId = story.template.id
  const { calendars } = await sdk.calendars.getCalendars({ locationId })
  assert.ok((calendars?.length ?? 0) > 0)
  const made = await sdk.calendars.createCalendar({ locationId, name: 'Portraits', slotDuration: 30 } as never)
  const calendarId = made.calendar?.id as string
  assert.equal((await sdk.calendars.getCalendar({ calendarId })).calendar?.name, 'Portraits')
  await sdk.calendars.updateCalendar({ calendarId }, { name: 'Studio portraits' } as never)
  assert.equal((await sdk.calendars.getCalendar({ calendarId })).calendar?.name, 'Studio portraits')
  const group = await sdk.calendars.createCalendarGroup({
    locationId,
    name: 'Studio',
    description: 'Indoors',
    slug: 'studio',
  } as never)
  const groupId = group.group?.id as string
  await sdk.calendars.editGroup({ groupId }, { name: 'Studios', description: 'Indoors', slug: 'studio' })
  assert.ok(
    (await sdk.calendars.getGroups({ locationId })).groups?.some((row) => row.id === groupId && row.name === 'Studios'),
  )
  await sdk.calendars.deleteGroup({ groupId })
  await sdk.calendars.deleteCalendar({ calendarId })
  await assert.rejects(sdk.calendars.getCalendar({ calendarId }))
})
