import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startPair } from '../support/ledger.ts'
import { brokenIn, dropTag, make, makeFlow, makeTag, named } from '../support/made-assets.ts'
import { type Actor, type Story, startStory } from '../support/stories.ts'
import { inWords, type Warning, warningsOf } from '../support/warnings.ts'

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

const start = () => startPair(story)

const told = (warnings: readonly Warning[]) => inWords(warnings).sort()

const onTags = (...tagIds: string[]) => ({ trigger: { type: 'contact_tag', tagIds } })
const edit = async (location: Actor, id: string, body: object) => {
  const reply = await location.client.put(`/workflows/${id}`, body)
  assert.equal(reply.status, 200, JSON.stringify(reply.body))
}

for (const how of ['pushed', 'matched'] as const) {
  for (const change of ['created', 'updated', 'merged'] as const) {
    for (const policy of ['merge', 'skip'] as const) {
      test(`a workflow that would come to name a tag which the client deleted is warned of by name (${how}, ${change}, ${policy})`, async () => {
        const { agency, source, target, ledger } = await start()
        const [vip, lead] = [await makeTag(source, 'VIP'), await makeTag(source, 'Lead')]
        if (how === 'matched') await makeTag(target, 'vip')
        const welcome = change === 'created' ? null : (await makeFlow(source, 'Welcome', onTags(lead))).id
        const snapshot = await agency.capture(source.id)
        await ledger.push(snapshot.id, target)
        await dropTag(target, (await named(story, target, 'tags', how === 'matched' ? 'vip' : 'VIP')).id)
        if (change === 'merged')
          await edit(target, (await named(story, target, 'workflows', 'Welcome')).id, { description: 'Ours' })
        if (welcome === null) await makeFlow(source, 'Welcome', onTags(vip, lead))
        else await edit(source, welcome, onTags(vip, lead))
        await agency.refresh(snapshot.id)
        const warnings = await warningsOf(story, snapshot.id, target, { policies: { tags: policy } })
        assert.deepEqual(told(warnings), ['Welcome: would refer to the tag "VIP", which the sub-account has deleted'])
        assert.deepEqual(
          [warnings[0]?.kind, warnings[0]?.missing?.kind, warnings[0]?.missing?.name],
          ['workflows', 'tags', 'VIP'],
        )
        await ledger.push(snapshot.id, target, { policies: { tags: policy } })
        assert.deepEqual(await brokenIn(target), ['Welcome'])
        assert.deepEqual(await warningsOf(story, snapshot.id, target), [], 'nothing more is written')
        assert.deepEqual(
          await warningsOf(story, snapshot.id, target, { policies: { tags: 'override' } }),
          [],
          'it comes back',
        )
      })
    }
  }
}

test('a document that is written and led nowhere already still does, and the plan says still', async () => {
  const { agency, source, target, ledger } = await start()
  const welcome = await makeFlow(source, 'Welcome', onTags(await makeTag(source, 'VIP')))
  const snapshot = await agency.capture(source.id)
  await ledger.push(snapshot.id, target)
  await dropTag(target, (await named(story, target, 'tags', 'VIP')).id)
  await edit(source, welcome.id, { description: 'New' })
  await agency.refresh(snapshot.id)
  assert.deepEqual(told(await warningsOf(story, snapshot.id, target)), [
    'Welcome: would still refer to the tag "VIP", which the sub-account has deleted',
  ])
})

test('what is ambiguous does not come, and the plan says who would refer to it', async () => {
  const { agency, source, target } = await start()
  const form = await make(source, '/forms/', { name: 'Ask' })
  const twins = [await make(target, '/forms/', { name: 'Ask' }), await make(target, '/forms/', { name: 'ask' })]
  await makeFlow(source, 'Welcome', { trigger: { type: 'form_submitted', formId: form.id } })
  const snapshot = await agency.capture(source.id)
  assert.deepEqual(told(await warningsOf(story, snapshot.id, target)), [
    'Welcome: would refer to the form "Ask", which is ambiguous there',
  ])
  assert.deepEqual(
    await warningsOf(story, snapshot.id, target, { matches: [{ kind: 'forms', lineage: form.id, id: twins[0]?.id }] }),
    [],
  )
  assert.deepEqual(
    await warningsOf(story, snapshot.id, target, { matches: [{ kind: 'forms', lineage: form.id, id: null }] }),
    [],
  )
})

test('what another part of the same push removes is told with the document that is written, and with what goes where none is', async () => {
  const { agency, source, target, ledger } = await start()
  const vip = await makeTag(source, 'VIP')
  const welcome = await makeFlow(source, 'Welcome', onTags(vip))
  const snapshot = await agency.capture(source.id)
  await ledger.push(snapshot.id, target)
  await makeFlow(target, 'Ours', onTags((await named(story, target, 'tags', 'VIP')).id))
  await dropTag(source, vip)
  await edit(source, welcome.id, { description: 'Still about VIP' })
  await agency.refresh(snapshot.id)
  assert.deepEqual(await warningsOf(story, snapshot.id, target), [])
  assert.deepEqual(told(await warningsOf(story, snapshot.id, target, { deletions: true })), [
    'VIP: the tag goes, and workflows "Ours" would refer to nothing',
    'Welcome: would refer to the tag "VIP", which this push removes',
  ])
  await ledger.push(snapshot.id, target, { deletions: true })
  assert.deepEqual((await brokenIn(target)).sort(), ['Ours', 'Welcome'])
})

test('what the snapshot itself does not hold is told where it is missing', async () => {
  const { agency, source, target } = await start()
  const vip = await makeTag(source, 'VIP')
  await makeFlow(source, 'Welcome', onTags(vip))
  const snapshot = await agency.capture(source.id)
  await dropTag(source, vip)
  await agency.refresh(snapshot.id)
  assert.deepEqual(told(await warningsOf(story, snapshot.id, target)), [
    'Welcome: would refer to the tag "VIP", which neither the snapshot nor the sub-account has',
  ])
})

for (const second of [false, true]) {
  test(`a tag that the client made anew by hand goes, and what names the first one would refer to nothing, too${second ? ' (and again)' : ''}`, async () => {
    const { agency, source, target, ledger } = await start()
    const vip = await makeTag(source, 'VIP')
    await makeFlow(source, 'Welcome', onTags(vip))
    const snapshot = await agency.capture(source.id)
    await ledger.push(snapshot.id, target)
    for (let times = 0; times < (second ? 2 : 1); times++) {
      await dropTag(target, (await named(story, target, 'tags', 'VIP')).id)
      await makeTag(target, 'VIP')
      await ledger.push(snapshot.id, target)
    }
    await makeFlow(target, 'Ours', onTags((await named(story, target, 'tags', 'VIP')).id))
    assert.deepEqual(await brokenIn(target), [])
    const flow = (await named(story, source, 'workflows', 'Welcome')).id
    await source.client.delete(`/workflows/${flow}`)
    await dropTag(source, vip)
    await agency.refresh(snapshot.id)
    const options = { deletions: 'all', only: [{ kind: 'tags', lineage: vip }] }
    assert.deepEqual(told(await warningsOf(story, snapshot.id, target, options)), [
      'VIP: the tag goes, and workflows "Ours", workflows "Welcome" would refer to nothing',
    ])
    await ledger.push(snapshot.id, target, options)
    assert.deepEqual((await brokenIn(target)).sort(), ['Ours', 'Welcome'])
  })
}
