import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { driftIn, Ledger } from '../support/ledger.ts'
import { dropTag, make, makeFlow, makeForm, makeTag, named } from '../support/made-assets.ts'
import { type Actor, newLocation, type Story, startStory } from '../support/stories.ts'
import { inWords } from '../support/warnings.ts'

/* A client deletes what was pushed and makes it anew under its name: the next push meets the new one, and what names the old one is seen to. */

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

const edit = async (location: Actor, path: string, body: object) => {
  const reply = await location.client.put(path, body)
  assert.equal(reply.status, 200, JSON.stringify(reply.body))
}
const idOf = async (location: Actor, kind: string, name: string) => (await named(story, location, kind, name)).id

async function start() {
  const [source, target] = [await newLocation(story, 'Source'), await newLocation(story, 'Target')]
  const { agency } = story
  const ledger = new Ledger(story, source, target)
  const linesOf = async (snapshotId: string, options: object = {}) =>
    (await agency.plan(snapshotId, [target.id], options)).targets[0].assets
      .map((line: object) => JSON.stringify(line))
      .sort() as string[]
  return { agency, source, target, ledger, linesOf }
}

const tagIds = async (target: Actor) => {
  const { steps } = (await named(story, target, 'workflows', 'W')).document as { steps: { tagIds: string[] }[] }
  return steps[0]?.tagIds
}

for (const options of [{}, { policy: 'skip' }, { deletions: true }, { policy: 'override' }]) {
  for (const isChanged of [false, true]) {
    const how = `${JSON.stringify(options)}${isChanged ? ', and the workflow changed' : ''}`
    test(`a tag that was made anew is met, a workflow that names the old one follows, and a roll-back leads back to where it was: ${how}`, async () => {
      const { agency, source, target, ledger, linesOf } = await start()
      const tag = await makeTag(source, 'hot')
      const flow = await makeFlow(source, 'W', {
        trigger: { type: 'manual' },
        steps: [{ type: 'add_tag', tagIds: [tag] }],
      })
      const form = await makeForm(source, 'P')
      const snapshot = await agency.capture(source.id)
      await ledger.push(snapshot.id, target, {})
      await dropTag(target, await idOf(target, 'tags', 'hot'))
      const fresh = await makeTag(target, 'hot')
      await edit(source, `/forms/${form.id}`, { description: 'v2' })
      if (isChanged) await edit(source, `/workflows/${flow.id}`, { description: 'v2' })
      await agency.refresh(snapshot.id)
      const before = { lines: await linesOf(snapshot.id, options), drift: await driftIn(story, snapshot.id, target) }
      assert.ok(
        before.lines.some((line) => line.includes('"before":["[tags: hot (deleted)]"],"after":["[tags: hot]"]')),
        before.lines.join('\n'),
      )
      const pushed = await ledger.push(snapshot.id, target, options)
      assert.deepEqual(await tagIds(target), [fresh])
      for (const again of [options, { policy: 'override' }])
        assert.deepEqual(await linesOf(snapshot.id, again), [], 'nothing is left to do')
      const { plan } = await agency.post(`/pushes/${pushed.id}/rollback`, { preview: true })
      assert.deepEqual(inWords(plan.targets[0].warnings), [
        'W: would refer to the tag "hot", which the sub-account has deleted',
      ])
      const line = plan.targets[0].assets.find(({ name }: { name: string }) => name === 'W')
      assert.deepEqual(line.fields[0], {
        path: 'steps[0].tagIds',
        before: ['[tags: hot]'],
        after: ['[tags: hot (deleted)]'],
      })
      const undone = await ledger.rollback(pushed.id, target)
      assert.deepEqual(
        { lines: await linesOf(snapshot.id, options), drift: await driftIn(story, snapshot.id, target) },
        before,
      )
      await ledger.rollback(undone.id, target)
      assert.deepEqual([await tagIds(target), await linesOf(snapshot.id, options)], [[fresh], []])
    })
  }
}

test('what names a stage of a pipeline that was made anew follows, too', async () => {
  const { agency, source, target, ledger, linesOf } = await start()
  const body = { name: 'Sales', stages: [{ name: 'New' }, { name: 'Won' }] }
  const pipeline = await make(source, '/opportunities/pipelines', body)
  const [, won] = pipeline.stages as { id: string }[]
  await makeFlow(source, 'W', { trigger: { type: 'pipeline_stage_changed', stageId: won?.id } })
  const form = await makeForm(source, 'P')
  const snapshot = await agency.capture(source.id)
  await ledger.push(snapshot.id, target)
  assert.equal(
    (await target.client.delete(`/opportunities/pipelines/${await idOf(target, 'pipelines', 'Sales')}`)).status,
    200,
  )
  const fresh = (await make(target, '/opportunities/pipelines', body)).stages as { id: string }[]
  await edit(source, `/forms/${form.id}`, { description: 'v2' })
  await agency.refresh(snapshot.id)
  const stageOf = async () =>
    ((await named(story, target, 'workflows', 'W')).document as { trigger: { stageId: string } }).trigger.stageId
  const before = await linesOf(snapshot.id)
  assert.ok(
    before.some((line) => line.includes('"W","action":"update"')),
    before.join('\n'),
  )
  for (const line of before)
    for (const { before: was, after: is } of JSON.parse(line).fields) assert.notDeepEqual(was, is, line)
  const pushed = await ledger.push(snapshot.id, target)
  assert.deepEqual([await stageOf(), await linesOf(snapshot.id)], [fresh[1]?.id, []])
  await ledger.rollback(pushed.id, target)
  assert.deepEqual(await linesOf(snapshot.id), before)
})

test('steps that change places are told apart, whether they have names or not', async () => {
  const { agency, source, target, ledger, linesOf } = await start()
  const flow = await makeFlow(source, 'W', {
    trigger: { type: 'manual' },
    steps: ['a', 'b'].map((body) => ({ type: 'send_sms', body })),
  })
  const steps = (await source.client.get(`/workflows/${flow.id}`)).body.workflow.steps
  const snapshot = await agency.capture(source.id)
  await ledger.push(snapshot.id, target)
  await edit(source, `/workflows/${flow.id}`, { steps: steps.toReversed() })
  await agency.refresh(snapshot.id)
  for (const line of await linesOf(snapshot.id))
    for (const { before: was, after: is } of JSON.parse(line).fields) assert.notDeepEqual(was, is, line)
  await ledger.push(snapshot.id, target)
})
