import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { hold } from '../support/hold.ts'
import { idsIn } from '../support/ledger.ts'
import { formOf, makeForm } from '../support/made-assets.ts'
import { type Actor, newLocation, readAll, type Story, startStory } from '../support/stories.ts'

let story: Story
before(async () => {
  story = await startStory({ rateLimit: 0 })
})
after(() => story?.[Symbol.asyncDispose]())

const FIRST = { description: 'First' }
const describe = async (location: Actor, id: string, description: string) =>
  assert.equal((await location.client.put(`/forms/${id}`, { description })).status, 200)
const valueIn = ({ id }: Actor, value: string) => `/locations/${id}/customValues/${value}`

interface Place extends Actor {
  /** Changed by the push that is undone; new by it; a custom value that is new by it. */
  ask: string
  own: string
  greeting: string
}

/** A push of a second version to places, in the order of their ids. */
async function begin(count: number): Promise<{ push: string; places: Place[] }> {
  const { agency } = story
  const source = await newLocation(story, 'Source')
  const { id: ask } = await makeForm(source, 'Ask', FIRST)
  const snapshot = await agency.capture(source.id)
  const made: Actor[] = []
  for (let nth = 0; nth < count; nth++) made.push(await newLocation(story, `Place ${nth}`))
  const to = made.map(({ id }) => id)
  await agency.push(snapshot.id, to)
  await describe(source, ask, 'Second')
  await makeForm(source, 'Own')
  await source.client.post(`/locations/${source.id}/customValues`, { name: 'Greeting', value: 'Hello' })
  await agency.refresh(snapshot.id)
  const push = await agency.push(snapshot.id, to)
  const places: Place[] = []
  for (const place of made.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    const ids = await idsIn(story, place)
    const idOf = (name: string) => ids[name] as string
    places.push({ ...place, ask: idOf('forms Ask'), own: idOf('forms Own'), greeting: idOf('custom_values Greeting') })
  }
  return { push: push.id, places }
}

/** What is lost by a roll-back that overrides, after somebody has looked at its plan. */
const LOST: Record<string, (place: Place) => Promise<unknown>> = {
  'a second edit of what was edited': (place) => describe(place, place.ask, 'Mine again'),
  'an edit of what goes': (place) => describe(place, place.own, 'Mine'),
  'a value': (place) => place.client.put(valueIn(place, place.greeting), { name: 'Greeting', value: 'Mine' }),
  'a deletion': (place) => place.client.delete(`/forms/${place.own}`),
}

for (const [what, act] of Object.entries(LOST))
  test(`${what} after the preview of a roll-back refuses it, and it is as it was`, async () => {
    const { agency } = story
    const { push, places } = await begin(1)
    const [place] = places as [Place]
    await describe(place, place.ask, 'Mine')
    const asked = { override: true }
    const { plan } = await agency.post(`/pushes/${push}/rollback`, { ...asked, preview: true })
    assert.deepEqual(plan.totals, { update: 1, delete: 2 })
    await act(place)
    const stood = await readAll(story, place.id)
    await agency.post(`/pushes/${push}/rollback`, { ...asked, planHash: plan.hash }, 409)
    assert.deepEqual(await readAll(story, place.id), stood)
    const { plan: anew } = await agency.post(`/pushes/${push}/rollback`, { ...asked, preview: true })
    const back = await agency.rollback(push, { ...asked, planHash: anew.hash })
    assert.equal(back.status, 'completed')
    const left = await readAll(story, place.id)
    assert.deepEqual(
      left.map(({ name, document }) => [name, document.description]),
      [['Ask', 'First']],
    )
  })

test('what a roll-back leaves alone may change further after its preview', async () => {
  const { agency } = story
  const { push, places } = await begin(1)
  const [place] = places as [Place]
  await describe(place, place.ask, 'Mine')
  const { plan } = await agency.post(`/pushes/${push}/rollback`, { preview: true })
  assert.deepEqual(plan.totals, { keep: 1, delete: 2 })
  await describe(place, place.ask, 'Mine again')
  await makeForm(place, 'Another')
  const back = await agency.rollback(push, { planHash: plan.hash })
  assert.deepEqual([back.status, back.totals], ['completed', { kept: 1, deleted: 2 }])
  assert.equal((await formOf(place, place.ask)).description, 'Mine again')
})

test('a plan that was accepted holds in each target when its turn comes; a retry plans who moved anew', async () => {
  const { agency } = story
  const { push, places } = await begin(3)
  const [quiet, held, busy] = places as [Place, Place, Place]
  const asked = { override: true }
  const { plan } = await agency.post(`/pushes/${push}/rollback`, { ...asked, preview: true })
  // Targets are taken in the order of their ids: the last is still its client's while the one before is waited for.
  const one = await hold(story, 'select 1 from location where id = $1 for update', [held.id])
  const { push: started } = await agency.post(`/pushes/${push}/rollback`, { ...asked, planHash: plan.hash }, 202)
  await one.waiting()
  await describe(busy, busy.ask, 'Mine')
  const stood = await readAll(story, busy.id)
  await one.letGo()
  const back = await agency.ended(started.id)
  assert.deepEqual([back.status, back.totals], ['partial', { updated: 2, deleted: 4, conflict: 3 }])
  const { status, error, assets } = await agency.outcomes(back.id, busy.id)
  assert.equal(status, 'failed')
  assert.match(error, /changed since the plan/)
  for (const { outcome, reason } of assets) assert.deepEqual([outcome, reason], ['conflict', 'changed since the plan'])
  assert.deepEqual(await readAll(story, busy.id), stood)
  for (const place of [quiet, held]) assert.equal((await formOf(place, place.ask)).description, 'First')

  await agency.post(`/pushes/${back.id}/retry`, {}, 202)
  const again = await agency.ended(back.id)
  assert.deepEqual([again.status, again.totals], ['completed', { updated: 3, deleted: 6 }])
  assert.equal((await formOf(busy, busy.ask)).description, 'First')
})
