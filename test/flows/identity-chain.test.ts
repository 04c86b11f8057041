import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { driftIn, idsIn, Ledger } from '../support/ledger.ts'
import { flowOf, formOf, make, makeFlow, makeForm, makeTag } from '../support/made-assets.ts'
import { type Actor, newLocation, type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

interface State {
  intake: string
  sms: string
  status: string
  tag: string
  stages: string
  phone: string
  flow: string
}

/** The same intake wherever somebody makes it: everything refers to something. */
async function makeIntake(place: Actor, description: string): Promise<void> {
  const tag = await makeTag(place, 'lead')
  const pipeline = await make(place, '/opportunities/pipelines', {
    name: 'Sales',
    stages: [{ name: 'New' }, { name: 'Won' }],
  })
  const form = await makeForm(place, 'Intake', { description, fields: [{ type: 'text', label: 'Name' }] })
  await place.client.post(`/locations/${place.id}/customValues`, { name: 'Phone', value: '555' })
  const stages = pipeline.stages as { id: string }[]
  await makeFlow(place, 'Follow up', {
    trigger: { type: 'form_submitted', formId: form.id },
    steps: [
      { type: 'add_tag', tagIds: [tag] },
      { type: 'update_opportunity', name: 'Move', pipelineId: pipeline.id, stageId: stages[0]?.id },
      { type: 'send_sms', name: 'Greet', body: 'Hello' },
    ],
  })
}

/** A place as its people know it: assets by kind, with what they say. */
class Place {
  readonly name: string
  readonly actor: Actor
  ids: Record<string, string> = {}

  constructor(name: string, actor: Actor) {
    this.name = name
    this.actor = actor
  }

  async id(kind: string): Promise<string> {
    const found = Object.entries(await idsIn(story, this.actor)).filter(([name]) => name.startsWith(`${kind} `))
    assert.equal(found.length, 1, `${this.name} has one of ${kind}: ${found.map(([name]) => name)}`)
    return found[0]?.[1] as string
  }

  async state(): Promise<State> {
    const { client, id } = this.actor
    const flow = await flowOf(this.actor, await this.id('workflows'))
    const form = await formOf(this.actor, await this.id('forms'))
    const { tag } = (await client.get(`/locations/${id}/tags/${await this.id('tags')}`)).body
    const { pipeline } = (await client.get(`/opportunities/pipelines/${await this.id('pipelines')}`)).body
    const { customValue } = (await client.get(`/locations/${id}/customValues/${await this.id('custom_values')}`)).body
    assert.deepEqual(flow.trigger.formId, form.id)
    assert.deepEqual(flow.steps[0].tagIds, [tag.id])
    assert.deepEqual(
      [flow.steps[1].pipelineId, flow.steps[1].stageId],
      [pipeline.id, pipeline.stages.find((stage: { name: string }) => stage.name === 'New').id],
    )
    const names = pipeline.stages.map((stage: { name: string }) => stage.name).join(', ')
    return {
      intake: form.description,
      sms: flow.steps.at(-1).body,
      status: flow.status,
      tag: tag.name,
      stages: names,
      phone: customValue.value,
      flow: flow.name,
    }
  }

  /** Everything is still itself. */
  async remember(): Promise<void> {
    for (const kind of ['tags', 'pipelines', 'forms', 'workflows', 'custom_values']) {
      const id = await this.id(kind)
      this.ids[kind] ??= id
      assert.equal(id, this.ids[kind], `${kind} of ${this.name} is the one it was`)
    }
  }

  async put(kind: string, body: object): Promise<void> {
    const { client, id } = this.actor
    const path = {
      forms: '/forms/',
      workflows: '/workflows/',
      pipelines: '/opportunities/pipelines/',
      tags: `/locations/${id}/tags/`,
      custom_values: `/locations/${id}/customValues/`,
    }[kind]
    const reply = await client.put(`${path}${await this.id(kind)}`, body)
    assert.equal(reply.status, 200, JSON.stringify(reply.body))
  }

  async say(body: string): Promise<void> {
    const { steps } = await flowOf(this.actor, await this.id('workflows'))
    await this.put('workflows', {
      steps: steps.map((step: { name?: string }) => (step.name === 'Greet' ? { ...step, body } : step)),
    })
  }

  async addStage(name: string): Promise<void> {
    const { pipeline } = (await this.actor.client.get(`/opportunities/pipelines/${await this.id('pipelines')}`)).body
    await this.put('pipelines', { stages: [...pipeline.stages, { name }] })
  }
}

const BASE: State = {
  intake: 'HQ',
  sms: 'Hello',
  status: 'draft',
  tag: 'lead',
  stages: 'New, Won',
  phone: '555',
  flow: 'Follow up',
}

test('HQ, three franchises and two branches each, edits by everybody and two roll-backs in between: everybody keeps what is theirs', async () => {
  const { agency } = story
  const place = async (name: string) => new Place(name, await newLocation(story, name))
  const hq = await place('HQ')
  const franchises = [await place('Empty'), await place('Equal'), await place('Other')] as const
  const branches: Place[][] = []
  for (const { name } of franchises) branches.push([await place(`${name} north`), await place(`${name} south`)])
  const all = [hq, ...franchises, ...branches.flat()]
  const ledger = new Ledger(story, ...all.map(({ actor }) => actor))
  const expected = new Map<Place, State>()
  const expectAll = async () => {
    for (const one of all) {
      await one.remember()
      assert.deepEqual(await one.state(), expected.get(one), one.name)
    }
  }
  const change = (places: readonly Place[], fields: Partial<State>) => {
    for (const one of places) expected.set(one, { ...(expected.get(one) ?? BASE), ...fields })
  }
  const [empty, equal, other] = franchises
  const [[north, south], [eqNorth, eqSouth], [otNorth, otSouth]] = branches as [
    [Place, Place],
    [Place, Place],
    [Place, Place],
  ]
  const own: string[] = []
  const actors = (places: readonly Place[]) => places.map(({ actor }) => actor)
  const pushDown = async (options: object = {}) => {
    const pushes = []
    for (const [index, snapshot] of own.entries())
      pushes.push(await ledger.push(snapshot, actors(branches[index] as Place[]), options))
    return pushes
  }
  const refreshAll = async () => {
    for (const [index, id] of own.entries()) {
      const { body } = await agency.client.post(agency.path(`/${id}/refresh`))
      assert.ok(body.snapshot, `${franchises[index]?.name}: ${JSON.stringify(body)}`)
    }
  }

  await makeIntake(hq.actor, 'HQ')
  await makeIntake(equal.actor, 'HQ')
  await makeIntake(other.actor, 'Other')
  const above = (await agency.capture(hq.actor.id, { name: 'HQ' })).id
  assert.deepEqual((await ledger.push(above, actors(franchises))).totals, { created: 5, unchanged: 9, conflict: 1 })
  for (const { actor, name } of franchises) own.push((await agency.capture(actor.id, { name })).id)
  for (const push of await pushDown()) assert.deepEqual(push.totals, { created: 10 })
  change(all, {})
  change([other, otNorth, otSouth], { intake: 'Other' })
  await expectAll()

  // Everybody works.
  await hq.say('Good day')
  await equal.put('tags', { name: 'prospect' })
  change([equal], { tag: 'prospect' })
  await north.put('forms', { description: 'North' })
  change([north], { intake: 'North' })
  await otSouth.put('workflows', { status: 'published' })
  await otSouth.put('custom_values', { value: '777' })
  change([otSouth], { status: 'published', phone: '777' })
  change([hq], { sms: 'Good day' })
  await agency.refresh(above)
  const second = await ledger.push(above, actors(franchises))
  change(franchises, { sms: 'Good day' })
  await expectAll()
  await refreshAll()
  await pushDown()
  change(branches.flat(), { sms: 'Good day' })
  change([eqNorth, eqSouth], { tag: 'prospect' })
  await expectAll()
  assert.deepEqual(await driftIn(story, own[0] as string, north.actor), ['Intake: edited'])

  // HQ takes its greeting back; the franchises pass that on, and one adds a stage.
  assert.deepEqual((await ledger.rollback(second.id, actors(franchises))).totals.updated, 3)
  change(franchises, { sms: 'Hello' })
  await expectAll()
  await empty.addStage('Lost')
  change([empty], { stages: 'New, Won, Lost' })
  await refreshAll()
  const [third] = await pushDown()
  change(branches.flat(), { sms: 'Hello' })
  change([north, south], { stages: 'New, Won, Lost' })
  await expectAll()

  // Its branches do not want it. One of them has worked with it meanwhile.
  await south.say('Hello from the south')
  change([south], { sms: 'Hello from the south' })
  const undone = await ledger.rollback(third?.id as string, [north.actor, south.actor])
  assert.deepEqual(undone.totals, { updated: 3, kept: 1 })
  change([north, south], { stages: 'New, Won' })
  change([north], { sms: 'Good day' })
  await expectAll()

  // And once more from the top, all the way down, with what HQ lets go of.
  await hq.put('forms', { description: 'HQ, newer' })
  await hq.put('workflows', { name: 'Follow up soon' })
  change([hq], { intake: 'HQ, newer', flow: 'Follow up soon' })
  await agency.refresh(above)
  await ledger.push(above, actors(franchises), { deletions: true })
  change([empty, equal], { intake: 'HQ, newer' })
  change(franchises, { flow: 'Follow up soon', sms: 'Good day' })
  await expectAll()
  await refreshAll()
  await pushDown({ deletions: 'all' })
  change([south, eqNorth, eqSouth], { intake: 'HQ, newer' })
  change(branches.flat(), { flow: 'Follow up soon' })
  change([north, eqNorth, eqSouth, otNorth, otSouth], { sms: 'Good day' })
  change([north, south], { stages: 'New, Won, Lost' })
  await expectAll()
  for (const [index, id] of own.entries()) {
    for (const branch of branches[index] as Place[]) {
      const drift = (await driftIn(story, id, branch.actor)).map((line) => line.split(':')[0])
      assert.deepEqual(drift, branch === north ? ['Intake'] : branch === south ? ['Follow up soon'] : [], branch.name)
    }
  }
})
