import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Actor, newLocation, readAll, type Story, startStory } from '../support/stories.ts'

let story: Story
let snapshotId: string
const fleet: Actor[] = []
const FLEET = 8

before(async () => {
  story = await startStory()
  const { agency, template } = story
  snapshotId = (await agency.capture(template.id)).id
  for (const name of names) fleet.push(await newLocation(story, name))
  await agency.push(snapshotId, ids())
  const form = (await readAll(story, template.id)).find((asset) => asset.kind === 'forms')!
  await template.client.put(`/forms/${form.id}`, { description: 'Changed for all' })
  await template.client.post(`/locations/${template.id}/tags`, { name: 'new for all' })
  await agency.refresh(snapshotId)
})
after(() => story?.[Symbol.asyncDispose]())

const ids = () => fleet.map((location) => location.id)
/** In their order: capitals and small letters are alike. */
const names = Array.from({ length: FLEET }, (_, number) => `${number % 2 === 0 ? 'Client' : 'client'} ${number}`)

interface Page {
  hash: string
  totals: Record<string, number>
  targets: { locationId: string; locationName: string; assets: { kind: string; action: string; name: string }[] }[]
  groups: {
    key: string
    kind: string
    name: string
    action: string
    locations: number
    sample: string[]
    sampleNames: string[]
    fields: { path: string }[]
  }[]
  after: string | null
  truncated: boolean
}
const planOf = async (query = ''): Promise<Page> =>
  (await story.agency.post(`/${snapshotId}/plan${query}`, { locationIds: ids() })).plan
const linesOf = (plan: Page) =>
  plan.targets.flatMap(({ locationId, assets }) =>
    assets.map((asset) => `${locationId} ${asset.kind} ${asset.name} ${asset.action}`),
  )

test('a plan for a fleet shows the changes, each once as a group, and nothing that stays as it is', async () => {
  const plan = await planOf()
  assert.deepEqual([plan.totals.update, plan.totals.create], [FLEET, FLEET])
  assert.ok((plan.totals.unchanged ?? 0) > 100)
  assert.equal(linesOf(plan).length, 2 * FLEET)
  assert.deepEqual([plan.after, plan.truncated], [null, false])
  assert.deepEqual(
    plan.groups.map(({ kind, action, locations, sample }) => [kind, action, locations, sample.length]),
    [
      ['forms', 'update', FLEET, 5],
      ['tags', 'create', FLEET, 5],
    ],
  )
  const [form] = plan.groups
  assert.deepEqual(
    form!.fields.map((field) => field.path),
    ['description'],
  )
  assert.deepEqual(form!.sample, ids().slice(0, 5))
  assert.deepEqual(form!.sampleNames, names.slice(0, 5))
})

test('pages of a plan hold every change once, and totals, groups and hash are the same on each', async () => {
  const whole = await planOf()
  const lines: string[] = []
  let after: string | null = ''
  while (after !== null) {
    const page = await planOf(`?limit=3${after === '' ? '' : `&after=${encodeURIComponent(after)}`}`)
    assert.deepEqual([page.totals, page.groups, page.hash], [whole.totals, whole.groups, whole.hash])
    lines.push(...linesOf(page))
    after = page.after
  }
  assert.deepEqual(lines, linesOf(whole))
})

test('a plan is asked for one sub-account, one kind or one action, and shows the rest when it is asked for', async () => {
  const { id } = fleet[3]!
  const one = await planOf(`?locationId=${id}`)
  assert.deepEqual([one.targets.map((target) => target.locationId), linesOf(one).length], [[id], 2])
  assert.equal(one.totals.update, FLEET, 'totals are those of the push')
  assert.ok(linesOf(await planOf('?kind=tags')).every((line) => line.endsWith('tags new for all create')))
  assert.equal(linesOf(await planOf('?action=update')).length, FLEET)
  const all = await planOf(`?unchanged=true&locationId=${id}`)
  assert.ok(linesOf(all).some((line) => line.endsWith(' unchanged')))
  const { message } = await story.agency.post(`/${snapshotId}/plan?action=explode`, { locationIds: ids() }, 422)
  assert.match(message[0], /^action must be one of/)
})

test('targets of a plan and of a roll-back stand by their names, page by page, and are found by them', async () => {
  const { agency } = story
  const push = await agency.push(snapshotId, ids())
  const toRoll = `/pushes/${push.id}/rollback`
  const plans = [
    { query: `/${snapshotId}/plan`, body: { locationIds: ids(), policy: 'override' } },
    { query: toRoll, body: { preview: true } },
  ]
  for (const { client, id } of fleet) await client.post(`/locations/${id}/tags`, { name: 'own' })
  const tag = (await readAll(story, story.template.id)).find(({ name }) => name === 'new for all')!
  await story.template.client.put(`/locations/${story.template.id}/tags/${tag.id}`, { name: 'newest for all' })
  await agency.refresh(snapshotId)
  for (const { query, body } of plans) {
    const pageOf = async (more: string): Promise<Page> => (await agency.post(`${query}?${more}`, body)).plan
    const met: string[] = []
    let after: string | null = ''
    while (after !== null) {
      const page = await pageOf(`limit=3${after === '' ? '' : `&after=${encodeURIComponent(after)}`}`)
      met.push(...page.targets.map(({ locationName }) => locationName))
      after = page.after
    }
    assert.deepEqual([...new Set(met)], names, query)
    assert.deepEqual((await pageOf('limit=1')).groups[0]?.sampleNames, names.slice(0, 5))
    const found = await pageOf('query=CLIENT%203')
    assert.deepEqual([found.targets.map(({ locationName }) => locationName), found.after], [['client 3'], null])
    assert.deepEqual((await pageOf(`query=${fleet[2]?.id}`)).targets[0]?.locationName, 'Client 2')
    assert.deepEqual((await pageOf('query=nobody')).targets, [])
    await agency.post(`${query}?after=nobody:tags:x`, body, 422)
  }
})

test('a target in which nothing changes is told with its totals', async () => {
  const { agency, template } = story
  const target = await newLocation(story, 'Calm')
  await agency.push(snapshotId, [target.id])
  const plan = await agency.plan(snapshotId, [target.id])
  assert.deepEqual(plan.targets, [
    { locationId: target.id, locationName: 'Calm', totals: plan.totals, assets: [], warnings: [] },
  ])
  assert.equal(plan.totals.unchanged, (await readAll(story, template.id)).length)
})

test('the hash of a plan is asked for at the push, whatever page it came from', async () => {
  const { hash } = await planOf('?limit=1&kind=forms')
  await story.agency.post(`/${snapshotId}/push`, { locationIds: ids(), planHash: hash }, 202)
})
