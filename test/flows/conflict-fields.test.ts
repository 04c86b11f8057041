import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { ask, edit, type Fields, startDispute } from '../support/disputes.ts'
import { makeForm, makeTag, named } from '../support/made-assets.ts'
import { type Actor, newLocation, type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

for (const how of ['pushed', 'matched'] as const) {
  /** "Ask" is in conflict in its description. */
  const startAsk = async () => {
    const pair = await startDispute(story)
    const { source, target, push } = pair
    await makeForm(source, 'Ask', { description: 'h' })
    if (how === 'matched') {
      await makeForm(target, 'Ask', { description: 'c' })
    } else {
      await edit(story, source, () => ({ description: '0' }))
      await push()
      await edit(story, target, () => ({ description: 'c' }))
      await edit(story, source, () => ({ description: 'h' }))
    }
    assert.deepEqual((await push()).totals, { conflict: 1 })
    assert.deepEqual(await pair.open(), { description: ['c', 'h'] })
    return pair
  }

  for (const take of ['source', 'target'] as const) {
    test(`a conflict outlives later versions that change something else, and is settled by them (${how}, ${take})`, async () => {
      const { source, target, push, open, inbox, settle } = await startAsk()
      for (const text of ['One', 'Two']) {
        await edit(story, source, () => ({ theme: { buttonText: text } }))
        assert.deepEqual((await push()).totals, { merged: 1 })
        assert.deepEqual(await open(), { description: ['c', 'h'] })
      }
      const again = await push()
      assert.match(String(again.report[0]?.reason), /^conflict with version \d, kept$/)
      const [{ openedAt, version }] = await inbox()
      assert.ok(openedAt !== undefined && version > 1)
      await settle('description', take)
      const { description, theme } = await ask(story, target)
      assert.deepEqual([description, theme.buttonText], [take === 'source' ? 'h' : 'c', 'Two'], 'nothing else comes')
      assert.deepEqual(await open(), {})
      await edit(story, source, () => ({ theme: { buttonText: 'Three' } }))
      await push()
      assert.deepEqual([(await ask(story, target)).description, await open()], [description, {}])
    })
  }

  for (const side of ['source', 'target'] as const) {
    test(`a conflict is over once one side says what the other does, whatever else differs (${how}, ${side})`, async () => {
      const { source, target, push, open } = await startAsk()
      await edit(story, target, () => ({ theme: { buttonText: 'Mine' } }))
      const [from, to, said] = side === 'source' ? [source, target, 'c'] : [target, source, 'h']
      await edit(story, from, () => ({ description: said }))
      await push()
      assert.deepEqual([await open(), (await ask(story, to)).description], [{}, said])
    })
  }

  test(`deciding all that waits takes nothing that does not wait (${how})`, async () => {
    const { source, target, push, open, settle } = await startAsk()
    await edit(story, target, () => ({ theme: { buttonText: 'Mine' } }))
    await settle(undefined, 'source')
    const { description, theme } = await ask(story, target)
    assert.deepEqual([description, theme.buttonText, await open()], ['h', 'Mine', {}])
    await edit(story, source, () => ({ name: 'Ask', description: 'new' }))
    await push()
    assert.deepEqual([(await ask(story, target)).description, await open()], ['new', {}])
  })

  test(`a push that is rolled back leaves the conflict as it was before (${how})`, async () => {
    const { source, target, ledger, push, inbox } = await startAsk()
    const before = await inbox()
    await edit(story, source, () => ({ theme: { buttonText: 'One' } }))
    const { id } = await push()
    assert.notDeepEqual(await inbox(), before)
    await ledger.rollback(id, target)
    assert.deepEqual(await inbox(), before)
  })
}

test('a conflict and what the target deletes meanwhile: the asset is asked about, and comes back where that is said', async () => {
  for (const take of ['source', 'target'] as const) {
    const { source, target, push, inbox, settle } = await startDispute(story)
    const { id } = await makeForm(source, 'Ask', { description: '0' })
    await push()
    const there = await named(story, target, 'forms', 'Ask')
    await edit(story, target, () => ({ description: 'c' }))
    await edit(story, source, () => ({ description: 'h' }))
    await push()
    assert.equal((await target.client.delete(`/forms/${there.id}`)).status, 200)
    await settle('description', 'source')
    assert.deepEqual(
      (await inbox()).map((one: Fields) => [one.lineage, one.reason, one.fields]),
      [[id, 'deleted in the target', []]],
    )
    await settle(undefined, take)
    assert.deepEqual(await inbox(), [])
    const reply = await target.client.get(`/forms/${there.id}`)
    assert.equal(reply.status, take === 'source' ? 200 : 404)
    if (take === 'source') assert.equal(reply.body.form.description, 'h')
  }
})

test('fields of a form wait one by one, in parts that have moved, too', async () => {
  const { source, target, push, open, settle } = await startDispute(story)
  const fields = ['A', 'B'].map((label) => ({ type: 'text', label, placeholder: '0' }))
  await makeForm(source, 'Ask', { fields })
  await push()
  const say = (location: Actor, says: string) =>
    edit(story, location, (form) => ({
      fields: (form.fields as Fields[]).map((one) => ({ ...one, placeholder: says })),
    }))
  await say(target, 'c')
  await say(source, 'h')
  await push()
  assert.deepEqual(Object.keys(await open()), ['fields[A].placeholder', 'fields[B].placeholder'])
  await edit(story, source, (form) => ({ fields: (form.fields as Fields[]).toReversed(), description: 'new' }))
  await push()
  assert.deepEqual(Object.keys(await open()).sort(), ['fields[A].placeholder', 'fields[B].placeholder'])
  await settle('fields[A].placeholder', 'source')
  assert.deepEqual(
    ((await ask(story, target)).fields as Fields[]).map(({ label, placeholder }) => [label, placeholder]),
    [
      ['B', 'c'],
      ['A', 'h'],
    ],
  )
  assert.deepEqual(await open(), { 'fields[B].placeholder': ['c', 'h'] })
})

test('a path that is listed can be decided, whatever the part is called', async () => {
  const { agency } = story
  const [source, target] = [await newLocation(story, 'Source'), await newLocation(story, 'Target')]
  const tag = await makeTag(source, 'vip')
  const labels = ['⟦Ask⟧', `see ${tag}`, 'a.b[c]', 'x'.repeat(900)]
  await makeForm(source, 'Ask', { fields: labels.map((label) => ({ type: 'text', label, placeholder: '0' })) })
  const { id } = await agency.capture(source.id)
  await agency.push(id, [target.id])
  const say = (location: Actor, says: string) =>
    edit(story, location, (form) => ({
      fields: (form.fields as Fields[]).map((one) => ({ ...one, placeholder: says })),
    }))
  await say(target, 'c')
  await say(source, 'h')
  await agency.refresh(id)
  await agency.push(id, [target.id])
  const inbox = async () => (await agency.get(`/${id}/conflicts`)).conflicts
  const [{ kind, lineage, fields }] = await inbox()
  const paths: string[] = fields.map(({ path }: { path: string }) => path)
  assert.equal(paths.length, labels.length)
  assert.ok(paths.includes('fields[⟦Ask⟧].placeholder') && paths.includes('fields[see [tags: vip]].placeholder'))
  for (const [index, path] of paths.entries()) {
    const decisions = [{ locationId: target.id, kind, lineage, path, take: 'source' }]
    await agency.ended((await agency.post(`/${id}/conflicts`, { decisions }, 202)).push.id)
    const done = ((await ask(story, target)).fields as Fields[]).filter(({ placeholder }) => placeholder === 'h')
    assert.equal(done.length, index + 1, path.slice(0, 40))
  }
  assert.deepEqual(await inbox(), [])
})
