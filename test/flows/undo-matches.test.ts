import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { driftIn, Ledger, startPair } from '../support/ledger.ts'
import { make, makeForm, named } from '../support/made-assets.ts'
import { newLocation, type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

/** So many: it once came down to which of two rows of one moment had the smaller id. */
const TARGETS = ['One', 'Two', 'Three', 'Four']

for (const { kind, path, noun } of [
  { kind: 'tags', path: (id: string) => `/locations/${id}/tags`, noun: 'tag' },
  { kind: 'forms', path: () => '/forms/', noun: 'form' },
]) {
  test(`a ${noun} that was matched, and that the client has deleted while the push was undone, is drift while the push stands`, async () => {
    const { agency } = story
    const source = await newLocation(story, 'Source')
    await make(source, path(source.id), { name: 'Alpha' })
    const snapshot = await agency.capture(source.id)
    for (const name of TARGETS) {
      const target = await newLocation(story, name)
      const ledger = new Ledger(story, source, target)
      await make(target, path(target.id), { name: 'Alpha' })
      const push = await ledger.push(snapshot.id, target)
      let last = await ledger.rollback(push.id, target)
      const { id } = await named(story, target, kind, 'Alpha')
      const gone = await target.client.delete(`${kind === 'tags' ? path(target.id) : '/forms'}/${id}`)
      assert.equal(gone.status, 200)
      for (const _ of [1, 2]) {
        last = await ledger.rollback(last.id, target)
        assert.deepEqual(await driftIn(story, snapshot.id, target), ['Alpha: deleted'], `${name}: it stands`)
        last = await ledger.rollback(last.id, target)
        assert.deepEqual(await driftIn(story, snapshot.id, target), [], `${name}: it is undone`)
      }
      const { history } = (await target.client.get(`/locations/${target.id}/assets/${kind}/${id}/history`)).body
      const causes = history.map((entry: { cause: string }) => entry.cause)
      assert.deepEqual(causes, [...new Set(causes)], `${name}: each push and roll-back tells of it once`)
    }
  })
}

for (const to of ['a new one', 'another one'] as const) {
  test(`what was answered with ${to} goes on meaning it while a roll-back keeps what the client did there, and no longer once that is overridden`, async () => {
    const { agency, source, target, ledger } = await startPair(story)
    const { id: lineage } = await makeForm(source, 'Ask', { description: 'S' })
    const first = await makeForm(target, 'Ask', { description: 'S' })
    const second = to === 'a new one' ? null : (await makeForm(target, 'Other')).id
    const snapshot = await agency.capture(source.id)
    await ledger.push(snapshot.id, target, { policy: 'override' })
    const matches = [{ kind: 'forms', lineage, id: second, locationId: target.id }]
    const answered = await ledger.push(snapshot.id, target, { policy: 'override', matches })
    const id = answered.report[0]?.id as string
    assert.equal(second === null || second === id, true)
    assert.equal((await target.client.put(`/forms/${id}`, { description: 'Mine' })).status, 200)

    const undone = await ledger.rollback(answered.id, target)
    assert.deepEqual(undone.totals, { kept: 1 })
    assert.deepEqual(await driftIn(story, snapshot.id, target), ['Ask: edited'])
    const [kept] = (await ledger.push(snapshot.id, target)).report
    assert.deepEqual([kept?.outcome, kept?.id], ['kept', id])

    await ledger.rollback(answered.id, target, { override: true })
    assert.deepEqual(await driftIn(story, snapshot.id, target), [])
    const [again] = (await ledger.push(snapshot.id, target)).report
    assert.deepEqual([again?.outcome, again?.id], ['unchanged', first.id])
  })
}
