import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { driftIn, Ledger } from '../support/ledger.ts'
import { make, named } from '../support/made-assets.ts'
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
