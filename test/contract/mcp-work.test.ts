import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Tool } from '@modelcontextprotocol/sdk/types.js'
import { until } from '../support/event-stream.ts'
import { answerOf, connectClient, type Session, statusOf, textOf } from '../support/mcp.ts'
import { type Story, startStory } from '../support/stories.ts'
import { fingerprint } from '../support/tenant-world.ts'

let story: Story
let agency: Session
before(async () => {
  // Without a worker nothing changes behind the test's back.
  story = await startStory({ work: false })
  agency = await connectClient(story.server.url, story.demo.agencyToken, '?groups=all')
})
after(async () => {
  await agency?.client.close()
  await story?.[Symbol.asyncDispose]()
})

const OWN = ['search', 'call']
const namesOf = (tools: readonly Tool[]) => tools.map(({ name }) => name)

test('what is not listed is found by words, and called by name', async () => {
  await using session = await connectClient(story.server.url, story.demo.agencyToken, '?groups=none')
  assert.deepEqual(namesOf(await session.tools()), OWN)
  const { found } = answerOf(await session.call('search', { words: 'roll back push', limit: 3 }))
  const [first] = found
  assert.deepEqual([first.name, first.access], ['pushes_rollback', 'destructive'])
  assert.deepEqual(first.inputSchema.required, ['pushId'])
  const called = await session.call('call', { name: 'snapshots_list' })
  const direct = await agency.call('snapshots_list')
  assert.deepEqual(called.structuredContent ?? JSON.parse(textOf(called)), direct.structuredContent)
  const unknown = await session.call('call', { name: 'snapshots_pusk', input: {} })
  assert.match(textOf(unknown), /There is no tool snapshots_pusk\. Near to it: snapshots_/)
  for (const wrong of [{ words: '' }, { words: 7 }]) assert.equal((await session.call('search', wrong)).isError, true)
  for (const wrong of [{}, { name: 'snapshots_list', input: [] }])
    assert.equal((await session.call('call', wrong)).isError, true)
})

test('groups are chosen in the address', async () => {
  const list = async (query: string) => {
    await using session = await connectClient(story.server.url, story.demo.agencyToken, query)
    return namesOf(await session.tools())
  }
  const standard = await list('')
  assert.ok(standard.length > 40 && standard.length < 90, String(standard.length))
  assert.ok(standard.includes('snapshots_push') && !standard.includes('calendars_list'))
  const calendars = await list('?groups=calendars-appointments')
  assert.ok(calendars.includes('calendars_list') && !calendars.includes('snapshots_push'))
  await assert.rejects(list('?groups=nonsense'), /There is no group nonsense\. Groups: all, none, snapshots/)
  await assert.rejects(list('?access=everything'), /access must be read or all/)
})

test('what destroys says so, names its plan, and tells a plan from the deed', async () => {
  const session = agency
  const tools = new Map((await session.tools()).map((tool) => [tool.name, tool]))
  assert.match(tools.get('snapshots_push')?.description ?? '', /Call snapshots_plan with the same input first/)
  for (const name of ['pushes_rollback', 'snapshots_settleConflicts'])
    assert.match(tools.get(name)?.description ?? '', /Call it with preview: true first/)
  const made = await session.call('snapshots_create', { name: 'Planned', locationId: story.template.id })
  const { id: snapshotId } = answerOf(made).snapshot
  const target = { snapshotId, locationIds: [story.empty.id] }
  const { plan } = answerOf(await session.call('snapshots_plan', target))
  const pushed = await session.call('snapshots_push', { ...target, planHash: plan.hash })
  assert.match(textOf(pushed), /^Done, and not to be repeated: Push Snapshot\./)
  const { id: pushId } = answerOf(pushed).push
  await session.call('pushes_cancel', { pushId })
  const before = await fingerprint(story.server)
  const preview = await session.call('pushes_rollback', { pushId, preview: true })
  assert.match(textOf(preview), /^This is the plan\. Nothing was done\./)
  assert.equal(await fingerprint(story.server), before)
  const stale = await session.call('snapshots_push', { ...target, planHash: 'another' })
  assert.deepEqual([stale.isError, statusOf(stale)], [true, 409])
})

test('the same key twice does a thing once, also where a model says it', async () => {
  await using session = await connectClient(story.server.url, story.demo.locations[0]?.token as string)
  const args = { firstName: 'Once', email: 'once@example.com', idempotencyKey: 'first try' }
  const [one, two] = [await session.call('contacts_create', args), await session.call('contacts_create', args)]
  assert.deepEqual(one.structuredContent, two.structuredContent)
  const other = await session.call('contacts_create', { ...args, firstName: 'Twice' })
  assert.match(textOf(other), /dempotency/)
  const read = await session.call('contacts_get', { contactId: 'x', idempotencyKey: 'k' })
  assert.match(textOf(read), /property idempotencyKey should not exist/)
})

test('faults of arguments are told by name, and files come as text or base64', async () => {
  const session = agency
  const told = await session.call('snapshots_create', { name: 7, colour: 'red' })
  assert.equal(statusOf(told), 422)
  for (const fault of [/^name must be a string/m, /property colour should not exist/, /Mend the arguments/])
    assert.match(textOf(told), fault)
  const { snapshots } = answerOf(await session.call('snapshots_list'))
  const snapshotId = snapshots[0].id
  const exported = await session.call('snapshots_export', { snapshotId })
  const [file] = exported.content
  const archive = file?.type === 'text' ? { text: file.text } : { fileName: 'a', base64: file?.resource?.blob }
  const imported = await session.call('snapshots_importFile', { archive })
  assert.equal(imported.isError, undefined, textOf(imported))
  const broken = await session.call('snapshots_importFile', { archive: { text: 'x', base64: 'eA==' } })
  assert.match(textOf(broken), /archive must be a file/)
})

test('what decides about access by a tool, and who was refused one, stand in the security log', async () => {
  const made = await agency.call('tokens_create', { name: 'By a model', scopes: ['snapshots.readonly'] })
  const { secret } = answerOf(made)
  await using reader = await connectClient(story.server.url, secret)
  const refused = await reader.call('snapshots_create', { name: 'x', locationId: story.template.id })
  assert.deepEqual([refused.isError, statusOf(refused)], [true, 401])
  const logged = async (event: string) => answerOf(await agency.call('access_events', { event })).events[0]
  // A refusal is kept beside the request.
  await until(async () => (await logged('snapshots.create')) !== undefined, 'the refusal', 15_000)
  const { outcome, status, traceId } = await logged('snapshots.create')
  assert.deepEqual([outcome, status, traceId], ['refused', 401, refused._meta?.['tintype/traceId']])
  assert.equal((await logged('tokens.create')).outcome, 'done')
})
