import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { driftIn, startPair } from '../support/ledger.ts'
import { brokenIn, make, makeFlow, makeTag } from '../support/made-assets.ts'
import { type Actor, readAll, readRows, type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

const stateOf = async (location: Actor, snapshotId: string) => ({
  assets: await readAll(story, location.id),
  rows: await readRows(story, location.id),
  broken: await brokenIn(location),
  drift: await driftIn(story, snapshotId, location),
})

async function makeAt(location: Actor, path: string, body: object): Promise<string> {
  const reply = await location.client.post(`/locations/${location.id}/${path}`, body)
  assert.ok(reply.status < 300, JSON.stringify(reply.body))
  return (Object.values(reply.body)[0] as { id: string }).id
}
const makeField = (location: Actor, name: string, placeholder = 'Hello') =>
  makeAt(location, 'customFields', { name, dataType: 'TEXT', model: 'contact', placeholder })
const makeValue = (location: Actor, name: string, text = 'Hello') =>
  makeAt(location, 'customValues', { name, value: '', default: text })
const makeForm = (location: Actor, name: string, text: string) => make(location, '/forms/', { name, description: text })

/** Kinds whose key no two assets share, and how what names one of them in a text is made. */
const KINDS = {
  tags: { make: makeTag, path: 'tags' },
  custom_values: { make: makeValue, path: 'customValues' },
  custom_fields: { make: makeField, path: 'customFields' },
}
const CASES = [
  ['tags', 'a kind that is applied before it', makeField],
  ['tags', 'a kind that is applied after it', makeForm],
  ['custom_values', 'its own kind', makeValue],
  ['custom_fields', 'its own kind', makeField],
] as const

for (const [kind, whose, makeNaming] of CASES) {
  const { make: makeOne, path } = KINDS[kind]
  for (const answer of ['a new one', 'another one'] as const) {
    for (const before of ['is there', 'came by a push', 'was deleted and made again'] as const) {
      // What is there by its own lineage is nothing new.
      if (answer === 'a new one' && before === 'came by a push') continue
      test(`what cannot be ${answer} for its key means what it meant, in ${whose}, too (${kind}; what it meant ${before})`, async () => {
        const { agency, source, target, ledger } = await startPair(story)
        const lineage = await makeOne(source, 'Delta')
        await makeNaming(source, 'Alpha', `https://y.example/go?to=x.example%252Fform%252F${lineage}`)
        const met = before === 'came by a push' ? null : await makeOne(target, 'Delta')
        const { id } = await agency.capture(source.id)
        await ledger.push(id, target, { policy: 'override' })
        if (before === 'was deleted and made again') {
          assert.equal((await target.client.delete(`/locations/${target.id}/${path}/${met}`)).status, 200)
          await makeOne(target, 'Delta')
        }
        const other = answer === 'another one' ? await makeOne(target, 'Omega') : null
        const state = await stateOf(target, id)
        const matches = [{ kind, lineage, id: other, locationId: target.id }]
        const refused = await ledger.push(id, target, { policy: 'override', matches })
        assert.deepEqual(refused.totals, { ambiguous: 1, unchanged: 1 }, JSON.stringify(refused.planned))
        assert.deepEqual(await stateOf(target, id), state)
        if (before !== 'was deleted and made again') {
          assert.deepEqual((await ledger.push(id, target)).totals, { unchanged: 2 }, 'and it stays so')
          assert.deepEqual(await stateOf(target, id), state)
        }
      })
    }
  }
}

test('what cannot be new for a name that names what cannot be new either means what it meant', async () => {
  const { agency, source, target, ledger } = await startPair(story)
  const made = async (location: Actor): Promise<[string, string]> => {
    const tag = await makeTag(location, 'Delta')
    return [tag, await makeTag(location, `For ${tag}`)]
  }
  const lineages = await made(source)
  await makeValue(source, 'Alpha', `https://y.example/${lineages[1]}`)
  await made(target)
  const { id } = await agency.capture(source.id)
  await ledger.push(id, target, { policy: 'override' })
  const state = await stateOf(target, id)
  const matches = lineages.map((lineage) => ({ kind: 'tags', lineage, id: null }))
  assert.deepEqual((await ledger.push(id, target, { matches })).totals, { ambiguous: 2, unchanged: 1 })
  assert.deepEqual(await stateOf(target, id), state)
})

test('an answer holds though what it leads to cannot be merged, until the conflict is settled', async () => {
  const { agency, source, target, ledger } = await startPair(story)
  const fields = (word: string) => Array.from({ length: 200 }, (_, index) => ({ type: 'text', label: word + index }))
  const { id: lineage } = await make(source, '/forms/', { name: 'Long', fields: fields('here') })
  await makeFlow(source, 'Greet', { trigger: { type: 'form_submitted', formId: lineage } })
  const mine = await make(target, '/forms/', { name: 'Mine', fields: fields('there') })
  const { id } = await agency.capture(source.id)
  const state = await stateOf(target, id)
  const answered = await ledger.push(id, target, { matches: [{ kind: 'forms', lineage, id: mine.id }] })
  assert.deepEqual(answered.totals, { created: 1, conflict: 1 })
  assert.match(answered.report.find((line) => line.kind === 'forms')?.reason ?? '', /would not be valid/)
  const met = await stateOf(target, id)
  assert.deepEqual((await ledger.push(id, target)).totals, { unchanged: 1, conflict: 1 })
  assert.deepEqual(await stateOf(target, id), met, 'nothing is made, and nothing written again')
  const decision = { locationId: target.id, kind: 'forms', lineage, take: 'source' }
  const { push: settling } = await agency.post(`/${id}/conflicts`, { decisions: [decision] }, 202)
  const settled = await ledger.ended(settling.id, target)
  assert.deepEqual([settled.totals, settled.report[0]?.id], [{ updated: 1 }, mine.id])
  await ledger.rollback(settling.id, target)
  await ledger.rollback(answered.id, target)
  assert.deepEqual(await stateOf(target, id), state)
})
