import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { type Actor, newLocation, readAll, type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

const pair = async () => [await newLocation(story, 'Source'), await newLocation(story, 'Target')] as const
const values = async (location: Actor) =>
  (await location.client.get(`/locations/${location.id}/customValues`)).body.customValues
const only = async (location: Actor, kind: string) =>
  (await readAll(story, location.id)).find((asset) => asset.kind === kind)!
async function makeValue(location: Actor, name: string, value: string) {
  const reply = await location.client.post(`/locations/${location.id}/customValues`, { name, value })
  assert.equal(reply.status, 201, JSON.stringify(reply.body))
  return reply.body.customValue
}

test('a custom value that holds a link is seeded as the target reads it', async () => {
  const { agency } = story
  const [source, target] = await pair()
  const { form } = (await source.client.post('/forms/', { locationId: source.id, name: 'Intake' })).body
  const made = await makeValue(
    source,
    'Intake link',
    `https://x.example/widget/form/${form.id}?l=${source.id} ⟦now⟧ ⟦⟦ ⟦@⟧`,
  )
  assert.equal((await values(source))[0].value, made.value)
  const snapshot = await agency.capture(source.id)
  await agency.push(snapshot.id, [target.id])
  const right = `https://x.example/widget/form/${(await only(target, 'forms')).id}?l=${target.id} ⟦now⟧ ⟦⟦ ⟦@⟧`
  const [mine] = await values(target)
  assert.deepEqual([mine.value, mine.default], [right, right])
  const { rows } = await sql<{
    local: string
  }>`select local::text as local from asset where location_id = ${target.id} and kind = 'custom_values'`.execute(
    story.server.app.platform.db,
  )
  assert.ok(!rows[0]?.local.includes(source.id), 'the location of the source is nowhere')

  // A value of its own stays, with the links it names, through the next push; saved unchanged it is no edit.
  const own = `Ours: ${(await only(target, 'forms')).id} ⟦kept⟧`
  assert.equal(
    (await target.client.put(`/locations/${target.id}/customValues/${mine.id}`, { value: own })).body.customValue.value,
    own,
  )
  await source.client.put(`/locations/${source.id}/customValues/${made.id}`, { value: 'Second' })
  await agency.refresh(snapshot.id)
  await agency.push(snapshot.id, [target.id])
  assert.deepEqual([(await values(target))[0].value, (await values(target))[0].default], [own, 'Second'])
  assert.equal((await target.client.get(`/locations/${target.id}/customValues/${mine.id}`)).body.customValue.value, own)
})

test('a value whose push was rolled back is seeded anew by the next one, also through another asset that was there', async () => {
  const { agency } = story
  const [source, target] = await pair()
  const { form } = (await source.client.post('/forms/', { locationId: source.id, name: 'Intake' })).body
  await makeValue(source, 'Intake link', `go ${form.id} ⟦`)
  const mine = (await target.client.post('/forms/', { locationId: target.id, name: 'Intake' })).body.form
  const snapshot = await agency.capture(source.id)
  for (let round = 0; round < 2; round++) {
    const push = await agency.push(snapshot.id, [target.id])
    assert.equal((await values(target))[0].value, `go ${mine.id} ⟦`)
    await agency.rollback(push.id)
    assert.deepEqual(await values(target), [])
  }
})

test('a seeded value follows what it names: it is listed as broken when that goes', async () => {
  const { agency } = story
  const [source, target] = await pair()
  const { form } = (await source.client.post('/forms/', { locationId: source.id, name: 'Intake' })).body
  await makeValue(source, 'Intake link', `https://x.example/widget/form/${form.id}`)
  const snapshot = await agency.capture(source.id)
  await agency.push(snapshot.id, [target.id])
  await target.client.delete(`/forms/${(await only(target, 'forms')).id}`)
  const [mine] = await values(target)
  assert.equal(mine.value, `https://x.example/widget/form/missing:forms:${form.id}`)
  const { brokenReferences } = (await target.client.get(`/locations/${target.id}/broken-references`)).body
  assert.deepEqual(
    brokenReferences.map((row: { name: string; missingName: string }) => [row.name, row.missingName]),
    [['Intake link', 'Intake']],
  )
})

test('a seeded value names what its default names, and is the location’s own from then on: an answer that is taken back does not change it', async () => {
  const { agency } = story
  const [source, target] = await pair()
  const { form } = (await source.client.post('/forms/', { locationId: source.id, name: 'Intake' })).body
  await makeValue(source, 'First', `go ${form.id}`)
  const snapshot = await agency.capture(source.id)
  await agency.push(snapshot.id, [target.id])
  const mine = (await only(target, 'forms')).id
  const other = (await target.client.post('/forms/', { locationId: target.id, name: 'Ours' })).body.form
  await makeValue(source, 'Second', `go ${form.id}`)
  await agency.refresh(snapshot.id)
  const matches = (id: string | null) => [{ kind: 'forms', lineage: form.id, id, locationId: target.id }]
  await agency.push(snapshot.id, [target.id], { matches: matches(other.id) })
  const read = async () =>
    Object.fromEntries(
      (await values(target)).map((one: { name: string; value: string; default: string }) => [
        one.name,
        [one.value, one.default],
      ]),
    )
  assert.deepEqual(await read(), {
    First: [`go ${mine}`, `go ${other.id}`],
    Second: [`go ${other.id}`, `go ${other.id}`],
  })
  await agency.push(snapshot.id, [target.id], { matches: matches(null) })
  assert.deepEqual(await read(), { First: [`go ${mine}`, `go ${mine}`], Second: [`go ${other.id}`, `go ${mine}`] })
})

test('values that were stored before read as they did', async () => {
  const [source] = await pair()
  const made = await makeValue(source, 'Old', 'x')
  const old = `plain ${source.id} ⟦now⟧ ⟦`
  await sql`update asset set local = ${JSON.stringify({ value: old })}::jsonb where location_id = ${source.id}
      and kind = 'custom_values'`.execute(story.server.app.platform.db)
  assert.equal((await source.client.get(`/locations/${source.id}/customValues/${made.id}`)).body.customValue.value, old)
  await source.client.put(`/locations/${source.id}/customValues/${made.id}`, { name: 'Older' })
  assert.equal((await values(source))[0].value, old)
})

const toContact = { type: 'email', shouldSendToContact: true }
const toGuest = { type: 'email', shouldSendToGuest: true }
const toUser = { type: 'email', shouldSendToUser: true }

test('addresses of notifications stay with their notification', async () => {
  const { agency } = story
  const [source, target] = await pair()
  const { calendar } = (
    await source.client.post('/calendars/', {
      locationId: source.id,
      name: 'Visits',
      notifications: [toContact, toGuest, toGuest],
    })
  ).body
  const snapshot = await agency.capture(source.id)
  await agency.push(snapshot.id, [target.id])
  const mine = (await only(target, 'calendars')).id
  const read = async () => (await target.client.get(`/calendars/${mine}`)).body.calendar.notifications
  const own = [
    { ...toContact, selectedUsers: 'contact-desk@example.com' },
    { ...toGuest, selectedUsers: 'guest-desk@example.com' },
    { ...toGuest, selectedUsers: 'second-desk@example.com' },
  ]
  assert.equal((await target.client.put(`/calendars/${mine}`, { notifications: own })).status, 200)
  assert.deepEqual(await read(), own)
  assert.deepEqual((await agency.get(`/${snapshot.id}/drift`)).drift, [], 'addresses are the location’s own')

  await source.client.put(`/calendars/${calendar.id}`, { notifications: [toUser, toContact, toGuest, toGuest] })
  await agency.refresh(snapshot.id)
  const push = await agency.push(snapshot.id, [target.id])
  assert.deepEqual(await read(), [toUser, ...own])
  await agency.rollback(push.id)
  assert.deepEqual(await read(), own)

  await source.client.put(`/calendars/${calendar.id}`, { notifications: [toGuest, toUser] })
  await agency.refresh(snapshot.id)
  await agency.push(snapshot.id, [target.id])
  assert.deepEqual(await read(), [own[1], toUser], 'nobody gets the mail of another notification')
})

test('addresses that were stored by position are still read', async () => {
  const [source] = await pair()
  const { calendar } = (
    await source.client.post('/calendars/', {
      locationId: source.id,
      name: 'Visits',
      notifications: [toContact, toGuest],
    })
  ).body
  await sql`update asset set local = '{"notifications[1].selectedUsers": "guest@example.com"}'
      where location_id = ${source.id} and kind = 'calendars'`.execute(story.server.app.platform.db)
  const read = async () => (await source.client.get(`/calendars/${calendar.id}`)).body.calendar.notifications
  assert.deepEqual(await read(), [toContact, { ...toGuest, selectedUsers: 'guest@example.com' }])
  await source.client.put(`/calendars/${calendar.id}`, { name: 'Calls' })
  assert.deepEqual(await read(), [toContact, { ...toGuest, selectedUsers: 'guest@example.com' }])
})

/** What a plan, or the preview of a roll-back, warns of. */
const warningsOf = (plan: { targets: { warnings: { why: string }[] }[] }) =>
  plan.targets.flatMap(({ warnings }) => warnings.map(({ why }) => why))

test('what a sub-account has set in a step that goes is told, and there again when the push is undone, whatever was saved meanwhile', async () => {
  const { agency } = story
  const [source, target] = await pair()
  const [tell, greet] = [
    { type: 'notify', name: 'Tell', body: 'x' },
    { type: 'send_sms', name: 'Greet', body: 'Hello' },
  ]
  const flow = (
    await source.client.post('/workflows/', { locationId: source.id, name: 'Intake', steps: [tell, greet] })
  ).body.workflow
  const snapshot = await agency.capture(source.id)
  await agency.push(snapshot.id, [target.id])
  const path = `/workflows/${(await only(target, 'workflows')).id}`
  const steps = async () => (await target.client.get(path)).body.workflow.steps
  const save = async (more: object) => assert.equal((await target.client.put(path, more)).status, 200)
  const [first, second] = await steps()
  await save({ steps: [{ ...first, userIds: ['ann', 'bob'] }, second] })
  await source.client.put(`/workflows/${flow.id}`, { steps: [flow.steps[1]] })
  await agency.refresh(snapshot.id)
  assert.deepEqual(warningsOf(await agency.plan(snapshot.id, [target.id])), [
    'the step "Tell" goes, with what the sub-account has set there: userIds',
  ])
  const push = await agency.push(snapshot.id, [target.id])
  await save({ status: 'published' })
  assert.deepEqual(await steps(), [second])
  const undone = await agency.rollback(push.id)
  assert.deepEqual(await steps(), [{ ...first, userIds: ['ann', 'bob'] }, second])
  const { plan } = await agency.post(`/pushes/${undone.id}/rollback`, { preview: true })
  assert.deepEqual(warningsOf(plan), ['the step "Tell" goes, with what the sub-account has set there: userIds'])
  await save({ steps: [second] })
  await save({ steps: [first, second] })
  assert.deepEqual(await steps(), [first, second], 'what somebody has taken away is gone')
})

test('addresses of a notification that comes to say something else are told, and there again when the push is undone', async () => {
  const { agency } = story
  const [source, target] = await pair()
  const make = { locationId: source.id, name: 'Visits', notifications: [toContact] }
  const { calendar } = (await source.client.post('/calendars/', make)).body
  const snapshot = await agency.capture(source.id)
  await agency.push(snapshot.id, [target.id])
  const path = `/calendars/${(await only(target, 'calendars')).id}`
  const own = [{ ...toContact, selectedUsers: 'desk@example.com' }]
  assert.equal((await target.client.put(path, { notifications: own })).status, 200)
  const both = { ...toContact, shouldSendToGuest: true }
  await source.client.put(`/calendars/${calendar.id}`, { notifications: [both] })
  await agency.refresh(snapshot.id)
  assert.deepEqual(warningsOf(await agency.plan(snapshot.id, [target.id])), [
    'one of "notifications" goes, or says something else, with what the sub-account has set there: selectedUsers',
  ])
  const push = await agency.push(snapshot.id, [target.id])
  const read = async () => (await target.client.get(path)).body.calendar.notifications
  assert.deepEqual(await read(), [both])
  assert.equal((await target.client.put(path, { alertEmail: 'alert@example.com' })).status, 200)
  await agency.rollback(push.id)
  assert.deepEqual(await read(), own)
})
