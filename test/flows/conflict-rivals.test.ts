import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startDispute } from '../support/disputes.ts'
import { formOf, makeForm, named } from '../support/made-assets.ts'
import { type Actor, type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

const change = async (location: Actor, id: string, more: object) =>
  assert.equal((await location.client.put(`/forms/${id}`, more)).status, 200)
const remove = async (location: Actor, id: string) =>
  assert.equal((await location.client.delete(`/forms/${id}`)).status, 200)

/**
 * The target's form "Ask" was met by one that headquarters has replaced since, and now by the one in its place, which
 * the version of the conflict holds as well, under another name.
 */
async function start(met: 'at once' | 'after its own was deleted') {
  const { source, target, push, inbox, settle, ledger } = await startDispute(story)
  const old = await makeForm(source, 'Ask', { description: 'Theirs' })
  const next = await makeForm(source, 'Other', { description: 'Next' })
  const make = () => makeForm(target, 'Ask', { description: 'Mine' })
  let mine = met === 'at once' ? await make() : null
  await push()
  if (mine === null) {
    await remove(target, (await named(story, target, 'forms', 'Ask')).id)
    mine = await make()
    await change(source, old.id, { trackingCode: 'x' })
    await push()
  }
  await remove(target, (await named(story, target, 'forms', 'Other')).id)
  await remove(source, old.id)
  await change(source, next.id, { name: 'Ask' })
  await push()
  const { id } = mine
  const says = async () => (await formOf(target, id)).description
  const waiting = async () =>
    Object.fromEntries(
      (await inbox()).map((one: { lineage: string; fields: { path: string }[] }) => [
        one.lineage === old.id ? 'old' : one.lineage === next.id ? 'next' : one.lineage,
        one.fields.map(({ path }) => path).join(),
      ]),
    )
  return { source, target, ledger, old, next, settle, says, waiting, push }
}

for (const met of ['at once', 'after its own was deleted'] as const)
  for (const path of ['description', undefined])
    for (const take of ['source', 'target'] as const)
      test(`what is decided of an asset is done to it, though another one of the snapshot has met it since (${met}, ${path ?? 'all'}, ${take})`, async () => {
        const { settle, says, waiting, push, source, old, next } = await start(met)
        assert.equal((await waiting()).old, 'description')
        const { totals } = await settle(path, take, old.id)
        assert.deepEqual(totals, take === 'source' ? { updated: 1 } : { kept: 1 })
        const said = take === 'source' ? 'Theirs' : 'Mine'
        assert.deepEqual([await says(), (await waiting()).old], [said, undefined])
        // The other one goes on meaning it.
        await push()
        assert.equal(await says(), said)
        await change(source, next.id, { theme: { font: 'y' } })
        const { totals: after } = await push()
        assert.deepEqual([after, await says(), (await waiting()).old], [{ merged: 1 }, said, undefined])
      })

test('a decision that is undone waits again, and what has met the asset since goes on meaning it', async () => {
  const { settle, says, waiting, push, source, target, ledger, old, next } = await start('at once')
  const before = await waiting()
  const { id } = await settle('description', 'source', old.id)
  await ledger.rollback(id, target)
  assert.deepEqual([await says(), await waiting()], ['Mine', before])
  await change(source, next.id, { theme: { font: 'y' } })
  assert.deepEqual([(await push()).totals, await says()], [{ merged: 1 }, 'Mine'])
})
