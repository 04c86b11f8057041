import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startPair, told } from '../support/ledger.ts'
import { brokenIn, flowOf, make, makeFlow, makeForm, makeTag, named } from '../support/made-assets.ts'
import { type Actor, readAll, readRows, type Story, startStory } from '../support/stories.ts'

/** What a lineage that was led elsewhere means when that gives way, and what it led to before was deleted. */

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

const exactly = async (location: Actor) => [await readAll(story, location.id), await readRows(story, location.id)]

interface Kind {
  make: (at: Actor, name: string) => Promise<string>
  drop: (at: Actor, id: string) => Promise<{ status: number }>
  /** A step that names it, and its part. */
  step: (at: Actor, name: string) => Promise<object>
}

const pipelineStep = async (at: Actor, name: string) => {
  const { id, document } = await named(story, at, 'pipelines', name)
  return { pipelineId: id, stageId: (document.stages as { id: string }[])[0]?.id }
}
const KINDS: Record<string, Kind> = {
  tags: {
    make: makeTag,
    drop: (at, id) => at.client.delete(`/locations/${at.id}/tags/${id}`),
    step: async (at, name) => ({ type: 'add_tag', tagIds: [(await named(story, at, 'tags', name)).id] }),
  },
  forms: {
    make: async (at, name) => (await makeForm(at, name)).id,
    drop: (at, id) => at.client.delete(`/forms/${id}`),
    step: async (at, name) => ({ type: 'send_sms', body: `/f/${(await named(story, at, 'forms', name)).id}` }),
  },
  pipelines: {
    make: async (at, name) =>
      (await make(at, '/opportunities/pipelines', { name, stages: [{ name: 'New' }, { name: 'Won' }] })).id,
    drop: (at, id) => at.client.delete(`/opportunities/pipelines/${id}`),
    step: async (at, name) => ({ type: 'create_opportunity', ...(await pipelineStep(at, name)) }),
  },
}

/**
 * "First" was matched to an asset of the client's, which they have deleted since, and was answered to be "Second", which
 * a version brings that holds both.
 */
async function startOutdone(kind: string) {
  const { agency, source, target, ledger } = await startPair(story)
  const { make: makeOne, drop, step } = KINDS[kind] as Kind
  const first = await makeOne(source, 'First')
  await makeFlow(source, 'Greet', { steps: [{ id: 'do', ...(await step(source, 'First')) }] })
  const theirs = await makeOne(target, 'First')
  const both = await agency.capture(source.id, { name: 'Both' })
  const alone = await agency.capture(source.id, { name: 'Alone' })
  await ledger.push(both.id, target)
  const stepIn = async () => {
    const {
      id: _,
      name: __,
      ...rest
    } = (await flowOf(target, (await named(story, target, 'workflows', 'Greet')).id)).steps[0]
    return rest
  }
  assert.deepEqual(await stepIn(), await step(target, 'First'), 'it was matched')
  assert.equal((await drop(target, theirs)).status, 200)
  await makeOne(source, 'Second')
  await agency.refresh(both.id)
  await ledger.push(both.id, target)
  const second = await named(story, target, kind, 'Second')
  const answered = await ledger.push(alone.id, target, { matches: [{ kind, lineage: first, id: second.id }] })
  return { agency, target, ledger, both, answered, stepIn, step, theirs }
}

for (const kind of Object.keys(KINDS)) {
  for (const since of ['answered', 'and the workflow alone undone']) {
    for (const policy of ['merge', 'override', 'skip']) {
      test(`what names ${kind} whose answer gives way names what comes by that, and not what was deleted (${since}, ${policy})`, async () => {
        const { target, ledger, both, answered, stepIn, step, theirs } = await startOutdone(kind)
        const flow = await named(story, target, 'workflows', 'Greet')
        if (since !== 'answered')
          await ledger.rollback(answered.id, target, {
            only: [{ kind: 'workflows', lineage: lineageIn(answered.report) }],
          })
        const before = await exactly(target)
        const push = await ledger.push(both.id, target, { policy })
        assert.deepEqual(told(push.report, 'workflows'), ['Greet: updated'])
        const came = push.report.find((line) => line.kind === kind && line.outcome === 'created')
        assert.ok(came !== undefined && came.id !== theirs, JSON.stringify(push.report))
        assert.deepEqual(await stepIn(), await step(target, 'First'))
        assert.deepEqual(await brokenIn(target), [])
        const left = await exactly(target)
        assert.equal((await ledger.push(both.id, target)).totals.unchanged, 3)
        const undone = await ledger.rollback(push.id, target)
        assert.deepEqual(await exactly(target), before)
        await ledger.rollback(undone.id, target)
        assert.deepEqual(await exactly(target), left)
        assert.equal((await named(story, target, 'workflows', 'Greet')).id, flow.id)
      })
    }
  }
}

const lineageIn = (report: readonly { kind: string; lineage: string }[]) =>
  report.find(({ kind }) => kind === 'workflows')?.lineage
