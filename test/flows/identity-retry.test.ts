import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { driftIn, idsIn, type Ledger, namesIn, startPair, told } from '../support/ledger.ts'
import { flowOf, make, makeFlow, makeForm, makeTag, named } from '../support/made-assets.ts'
import { type Actor, type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

const start = () => startPair(story)

/** The database refuses one kind in one place while this runs: a fault of its own, not of the data. */
async function refusing<T>(place: Actor, kind: string, verb: 'write' | 'delete', work: () => Promise<T>): Promise<T> {
  const db = story.server.owner()
  const row = verb === 'write' ? 'new' : 'old'
  await sql
    .raw(
      `create function refuse() returns trigger language plpgsql as $$ begin
        if ${row}.kind = '${kind}' and ${row}.location_id = '${place.id}' then raise exception 'the disk is full';
          end if; return ${row}; end $$;
      create trigger refuse before ${verb === 'write' ? 'insert or update' : 'delete'}
        on asset for each row execute function refuse()`,
    )
    .execute(db)
  try {
    return await work()
  } finally {
    await sql.raw('drop trigger refuse on asset; drop function refuse()').execute(db)
  }
}

const failing = (
  snapshotId: string,
  target: Actor,
  kind: string,
  options: object = {},
  verb: 'write' | 'delete' = 'write',
) =>
  refusing(target, kind, verb, async () => {
    const push = await story.agency.push(snapshotId, [target.id], options)
    assert.equal(push.status, 'partial')
    assert.ok(push.totals.failed > 0)
    return push.id as string
  })

async function retry(ledger: Ledger, pushId: string, target: Actor) {
  await story.agency.post(`/pushes/${pushId}/retry`, {}, 202)
  return ledger.ended(pushId, target)
}

for (const policy of ['merge', 'override', 'skip']) {
  test(`a retry matches as the push would have: what the client had is met, and what came before refers to it (${policy})`, async () => {
    const { agency, source, target, ledger } = await start()
    for (const place of [source, target])
      await make(place, '/opportunities/pipelines', { name: 'Sales', stages: [{ name: 'New' }] })
    const mine = (await named(story, target, 'pipelines', 'Sales')).document as { stages: { id: string }[] }
    const theirs = await named(story, source, 'pipelines', 'Sales')
    const stageId = (theirs.document.stages as { id: string }[])[0]?.id
    await makeFlow(source, 'Staged', { trigger: { type: 'pipeline_stage_changed', pipelineId: theirs.id, stageId } })
    await makeForm(source, 'Ask')
    const snapshot = await agency.capture(source.id)
    const push = await failing(snapshot.id, target, 'workflows', { policy })
    const done = await retry(ledger, push, target)
    assert.deepEqual([done.status, done.totals], ['completed', { created: 2, unchanged: 1 }])
    const flow = await flowOf(target, (await named(story, target, 'workflows', 'Staged')).id)
    assert.equal(flow.trigger.stageId, mine.stages[0]?.id)
    assert.deepEqual((await ledger.push(snapshot.id, target, { policy })).totals, { unchanged: 3 })
    assert.deepEqual((await ledger.rollback(push, target)).totals, { deleted: 2, unchanged: 1 })
  })
}

for (const [what, made, totals] of [
  ['one of them', ['alpha'], { created: 2, unchanged: 1 }],
  ['both of them', ['alpha', 'beta'], { created: 1, unchanged: 2 }],
] as const) {
  test(`a retry does not make again what the client has made since: ${what}`, async () => {
    const { agency, source, target, ledger } = await start()
    for (const name of ['alpha', 'beta']) await makeTag(source, name)
    await makeForm(source, 'Ask')
    const snapshot = await agency.capture(source.id)
    const push = await failing(snapshot.id, target, 'tags')
    const own = []
    for (const name of made) own.push(await makeTag(target, name))
    const done = await retry(ledger, push, target)
    assert.deepEqual(done.totals, totals)
    assert.deepEqual(await namesIn(story, target, 'tags'), ['alpha', 'beta'])
    const ids = await idsIn(story, target)
    assert.deepEqual(
      own,
      made.map((name) => ids[`tags ${name}`]),
    )
  })
}

test('names that were swapped are swapped by the retry, too', async () => {
  const { agency, source, target, ledger } = await start()
  const [alpha, beta] = [await makeTag(source, 'alpha'), await makeTag(source, 'beta')]
  const form = await makeForm(source, 'Ask', { description: 'One' })
  for (const name of ['alpha', 'beta']) await makeTag(target, name)
  const snapshot = await agency.capture(source.id)
  await ledger.push(snapshot.id, target)
  const before = await idsIn(story, target)
  for (const [id, name] of [
    [alpha, 'for now'],
    [beta, 'alpha'],
    [alpha, 'beta'],
  ] as const)
    await source.client.put(`/locations/${source.id}/tags/${id}`, { name })
  await source.client.put(`/forms/${form.id}`, { description: 'Two' })
  await agency.refresh(snapshot.id)
  const push = await failing(snapshot.id, target, 'tags')
  assert.deepEqual(await namesIn(story, target, 'tags'), ['alpha', 'beta'])
  const done = await retry(ledger, push, target)
  assert.deepEqual([done.status, done.totals], ['completed', { updated: 3 }])
  const now = await idsIn(story, target)
  assert.deepEqual([now['tags alpha'], now['tags beta']], [before['tags beta'], before['tags alpha']])
  assert.deepEqual(await driftIn(story, snapshot.id, target), [])
  await ledger.rollback(push, target)
  assert.deepEqual(await idsIn(story, target), before)
})

for (const verb of ['write', 'delete'] as const) {
  test(`a deletion, and the name that it frees, come through although the ${verb} of their kind failed at first`, async () => {
    const { agency, source, target, ledger } = await start()
    const [alpha, beta] = [await makeTag(source, 'alpha'), await makeTag(source, 'beta')]
    await makeForm(source, 'Ask')
    const snapshot = await agency.capture(source.id)
    await ledger.push(snapshot.id, target)
    const before = await idsIn(story, target)
    await source.client.delete(`/locations/${source.id}/tags/${beta}`)
    await source.client.put(`/locations/${source.id}/tags/${alpha}`, { name: 'beta' })
    await source.client.put(`/forms/${(await named(story, source, 'forms', 'Ask')).id}`, { description: 'Newer' })
    await agency.refresh(snapshot.id)
    const push = await failing(snapshot.id, target, 'tags', { deletions: true }, verb)
    const { assets } = await agency.outcomes(push, target.id)
    assert.deepEqual(told(assets, 'tags').sort(), [verb === 'write' ? 'beta: deleted' : 'beta: failed', 'beta: failed'])
    assert.ok(
      assets.every(
        ({ outcome, reason }: { outcome: string; reason?: string }) =>
          outcome !== 'failed' || reason === 'the disk is full',
      ),
    )
    const done = await retry(ledger, push, target)
    assert.deepEqual([done.status, done.totals], ['completed', { updated: 2, deleted: 1 }])
    assert.deepEqual(told(done.report, 'tags').sort(), ['beta: deleted', 'beta: updated'])
    assert.equal((await idsIn(story, target))['tags beta'], before['tags alpha'])
    await ledger.rollback(push, target)
    assert.deepEqual(await idsIn(story, target), before)
  })
}

test('what cannot be new for its name means what it meant in what a retry writes, too', async () => {
  const { agency, source, target, ledger } = await start()
  const tag = await makeTag(source, 'vip')
  const { id } = await makeFlow(source, 'Greet', { steps: [{ id: 'add', type: 'add_tag', tagIds: [tag] }] })
  const theirs = await makeTag(target, 'vip')
  const snapshot = await agency.capture(source.id)
  await ledger.push(snapshot.id, target)
  assert.equal((await source.client.put(`/workflows/${id}`, { description: 'Two' })).status, 200)
  await agency.refresh(snapshot.id)
  const matches = [{ kind: 'tags', lineage: tag, id: null, locationId: target.id }]
  const push = await failing(snapshot.id, target, 'workflows', { matches })
  const done = await retry(ledger, push, target)
  assert.deepEqual(done.totals, { ambiguous: 1, updated: 1 })
  const flow = await flowOf(target, (await named(story, target, 'workflows', 'Greet')).id)
  assert.deepEqual([flow.description, flow.steps[0].tagIds], ['Two', [theirs]])
  assert.deepEqual((await ledger.push(snapshot.id, target)).totals, { unchanged: 2 }, 'and it stays so')
})
