import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startPair } from '../support/ledger.ts'
import { make, makeFlow, named } from '../support/made-assets.ts'
import { type Actor, type Story, startStory } from '../support/stories.ts'
import { inWords, warningsOf } from '../support/warnings.ts'

/* Texts name custom values and custom fields by their keys. What bears a key may go; who reads the plan should know. */

let story: Story
before(async () => {
  story = await startStory()
})
after(() => story?.[Symbol.asyncDispose]())

const makeValue = (location: Actor, name: string) =>
  make(location, `/locations/${location.id}/customValues`, { name, value: 'x' })
const makeField = (location: Actor, name: string) =>
  make(location, `/locations/${location.id}/customFields`, { name, dataType: 'TEXT', model: 'contact' })
const drop = async (location: Actor, what: string, id: string) =>
  assert.equal((await location.client.delete(`/locations/${location.id}/${what}/${id}`)).status, 200)
const saying = (location: Actor, name: string, message: string) =>
  makeFlow(location, name, { steps: [{ type: 'send_sms', body: message }] })
const previewOf = async (pushId: string) =>
  inWords((await story.agency.post(`/pushes/${pushId}/rollback`, { preview: true })).plan.targets[0].warnings)

const KINDS = {
  'custom value': { make: makeValue, path: 'customValues', kind: 'custom_values', word: 'custom_values.studio' },
  'custom field': { make: makeField, path: 'customFields', kind: 'custom_fields', word: 'contact.studio' },
} as const

for (const [noun, { make: makeOne, path, kind, word }] of Object.entries(KINDS)) {
  test(`a ${noun} goes that texts of the client name by its key: the plan says which, and so does the roll-back`, async () => {
    const { agency, source, target, ledger } = await startPair(story)
    const { id } = await makeOne(source, 'Studio')
    const snapshot = await agency.capture(source.id)
    await ledger.push(snapshot.id, target)
    await saying(target, 'Ours', `Come to {{${word}}}!`)
    await saying(target, 'Spelled', `Come to {{ ${word.toUpperCase()} }}!`)
    await saying(target, 'Longer', `Come to {{ ${word}_2 }}, {{ x.${word} }} or ${word}!`)
    await drop(source, path, id)
    await agency.refresh(snapshot.id)
    assert.deepEqual(inWords(await warningsOf(story, snapshot.id, target)), [], 'it stays without deletions')
    const told = `Studio: the ${noun} goes, and {{ ${word} }} in workflows "Ours", workflows "Spelled" would read as nothing`
    assert.deepEqual(inWords(await warningsOf(story, snapshot.id, target, { deletions: true })), [told])
    const pushed = await ledger.push(snapshot.id, target, { deletions: true })
    assert.deepEqual(await previewOf(pushed.id), [])
    await ledger.rollback(pushed.id, target)
    await named(story, target, kind, 'Studio')
  })

  test(`a roll-back takes a ${noun} away that the client names by now`, async () => {
    const { agency, source, target, ledger } = await startPair(story)
    await makeOne(source, 'Studio')
    const snapshot = await agency.capture(source.id)
    const pushed = await ledger.push(snapshot.id, target)
    await saying(target, 'Ours', `Come to {{ ${word} }}!`)
    assert.deepEqual(await previewOf(pushed.id), [
      `Studio: the ${noun} goes, and {{ ${word} }} in workflows "Ours" would read as nothing`,
    ])
  })

  test(`a ${noun} takes the key of another that goes in the same push: nothing is lost`, async () => {
    const { agency, source, target, ledger } = await startPair(story)
    const { id } = await makeOne(source, 'Studio')
    const snapshot = await agency.capture(source.id)
    await ledger.push(snapshot.id, target)
    await saying(target, 'Ours', `Come to {{ ${word} }}!`)
    await drop(source, path, id)
    await makeOne(source, 'Studio')
    await agency.refresh(snapshot.id)
    const warnings = inWords(await warningsOf(story, snapshot.id, target, { deletions: true }))
    assert.deepEqual(
      warnings.filter((warning) => warning.includes('would read as nothing')),
      [],
    )
  })

  test(`an answer gives a ${noun} of the client another key: what names the old one is told, in what arrives too`, async () => {
    const { agency, source, target } = await startPair(story)
    const { id: lineage } = await makeOne(source, 'Studio')
    const theirs = await makeOne(target, 'Atelier')
    const old = word.replace('studio', 'atelier')
    await saying(target, 'Ours', `Come to {{ ${old} }}!`)
    await saying(source, 'Theirs', `Come to {{ ${old} }} or {{ ${word} }}!`)
    const snapshot = await agency.capture(source.id)
    const matches = [{ kind, lineage, id: theirs.id, locationId: target.id }]
    const options = { policy: 'override', matches }
    const warnings = inWords(await warningsOf(story, snapshot.id, target, options))
    const users = 'workflows "Ours", workflows "Theirs"'
    assert.deepEqual(warnings, [
      `Studio: its merge tag becomes {{ ${word} }}, and {{ ${old} }} in ${users} would read as nothing`,
    ])
  })
}
