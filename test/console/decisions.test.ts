import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Locator } from 'playwright-core'
import { startChromium } from '../support/chromium.ts'
import { assertSound, enterAt, hasCount } from '../support/console.ts'
import { makeForm, named } from '../support/made-assets.ts'
import { type Actor, newLocation, readAll, type Story, startStory } from '../support/stories.ts'

let story: Story
let browser: Browser
let source: Actor
let snapshotId: string
const targets: Actor[] = []
const BEFORE = 'Tell us in a few words what you have in mind'
const OURS = 'Tell us in your own words what you have in mind, and when'
const THEIRS = 'Tell us, please, what you have in mind'

before(async () => {
  browser = await startChromium()
  story = await startStory({ console: true, rateLimit: 0, poolSize: 12 })
  source = await newLocation(story, 'Headquarters')
  const field = { name: 'Wish', dataType: 'TEXT', placeholder: BEFORE }
  assert.equal((await source.client.post(`/locations/${source.id}/customFields`, field)).status, 201)
  snapshotId = (await story.agency.capture(source.id, { name: 'Wishes' })).id
  for (const name of ['Aarhus', 'Bergen', 'Cork']) targets.push(await newLocation(story, name))
  await story.agency.push(
    snapshotId,
    targets.map(({ id }) => id),
  )
  await write(source, OURS)
  await story.agency.refresh(snapshotId)
  for (const target of targets) await write(target, THEIRS)
})
after(async () => {
  await browser?.close()
  await story?.[Symbol.asyncDispose]()
})

const fieldOf = async (actor: Actor, called: string) =>
  (await readAll(story, actor.id)).find(({ name }) => name === called)!
const wishOf = (actor: Actor) => fieldOf(actor, 'Wish')

async function write(actor: Actor, placeholder: string, called = 'Wish'): Promise<void> {
  const { id } = await fieldOf(actor, called)
  const reply = await actor.client.put(`/locations/${actor.id}/customFields/${id}`, { placeholder })
  assert.equal(reply.status, 200, JSON.stringify(reply.body))
}

test('two versions are compared word by word, by keyboard, at an address that can be passed on', async () => {
  await using window = await enterAt(browser, story, `/compare?snapshot=${snapshotId}&from=1&to=2`)
  const { page } = window
  await page.getByRole('button', { name: /Wish/ }).waitFor()
  await page.keyboard.press('j')
  const shown = page.getByRole('article', { name: 'Wish' })
  await shown.locator('del', { hasText: 'few' }).waitFor()
  assert.ok((await shown.locator('ins').allTextContents()).join(' ').includes('own'))
  assert.match(page.url(), /asset=custom_fields/)
  await assertSound(page)
  await page.reload()
  await shown.locator('del', { hasText: 'few' }).waitFor()
  await page.getByText('Version and sub-account').click()
  await page.getByRole('combobox', { name: 'Sub-account' }).fill('Berg')
  await page.getByRole('option', { name: 'Bergen' }).click()
  await page.getByRole('button', { name: /Wish/ }).click()
  await shown.locator('ins', { hasText: 'please' }).waitFor()
  window.assertCalm()
})

test('of what differs in a sub-account only what conflicts is listed, and walked through by key', async () => {
  const { agency } = story
  const [source, target] = [await newLocation(story, 'Fields'), await newLocation(story, 'Fields there')]
  const names = ['Guests', 'Place', 'Song']
  for (const name of names)
    await source.client.post(`/locations/${source.id}/customFields`, { name, dataType: 'TEXT', placeholder: BEFORE })
  const { id } = await agency.capture(source.id, { name: 'Collides' })
  await agency.push(id, [target.id])
  for (const name of names) await write(target, THEIRS, name)
  for (const name of ['Guests', 'Song']) await write(source, OURS, name)
  await agency.refresh(id)
  await using window = await enterAt(browser, story, `/compare?snapshot=${id}&version=2&location=${target.id}`)
  const { page } = window
  const listed = page.getByRole('region', { name: 'What was added, removed and changed' }).getByRole('button')
  await listed.filter({ hasText: 'Place' }).waitFor()
  await page.getByRole('group', { name: 'Kind of change' }).getByText('Conflicts 2').click()
  await hasCount(listed, 2)
  await page.waitForURL(/only=conflict/)
  const top = (await listed.first().textContent()) ?? ''
  const [one, other] = top.includes('Song') ? ['Song', 'Guests'] : ['Guests', 'Song']
  await page.keyboard.press('j')
  const first = page.getByRole('article', { name: one })
  await first.getByText('Both sides have changed it').waitFor()
  await first.locator('ins', { hasText: 'please' }).waitFor()
  await first.locator('del', { hasText: 'own' }).waitFor()
  await assertSound(page)
  await page.keyboard.press('j')
  await page.getByRole('article', { name: other }).waitFor()
  await page.keyboard.press('k')
  await page.reload()
  await first.getByText('Both sides have changed it').waitFor()
  await hasCount(listed, 2)
  // Of the first version the sub-account has only edits of its own.
  await window.visit(`/compare?snapshot=${id}&version=1&location=${target.id}&only=conflict`)
  await page.getByRole('heading', { name: 'Nothing conflicts' }).waitFor()
  const push = await agency.push(id, [target.id])
  await window.visit(`/pushes/${push.id}`)
  await page.getByRole('cell', { name: '2 conflicts, 1 kept' }).waitFor()
  window.assertCalm()
})

test('what was edited in a sub-account is shown as drift, and pushed back', async () => {
  await using window = await enterAt(browser, story, `/drift?snapshot=${snapshotId}`)
  const { page } = window
  await page.getByText('3 assets in 3 sub-accounts').waitFor()
  await assertSound(page)
  await page.getByRole('region', { name: 'Cork' }).getByRole('checkbox').check()
  await page.getByRole('link', { name: 'Push back' }).click()
  await page.getByText('This updates 1 asset in 1 sub-account').waitFor()
  await page.getByRole('button', { name: 'Push', exact: true }).click()
  await page.getByRole('status').getByText('Done', { exact: true }).waitFor()
  // As it was pushed there, not as the newest version has it.
  assert.equal((await wishOf(targets[2]!)).document.placeholder, BEFORE)
  await write(source, BEFORE)
  window.assertCalm()
})

test('a conflict of several sub-accounts is decided once, in a push that goes on without its window', async () => {
  const two = targets.slice(0, 2)
  {
    await using window = await enterAt(
      browser,
      story,
      `/push?snapshot=${snapshotId}&to=${two.map(({ id }) => id).join(',')}`,
    )
    const { page } = window
    await page.getByRole('region', { name: 'What would happen' }).getByRole('button', { name: /Wish/ }).click()
    await page.getByRole('article', { name: 'Wish' }).locator('ins').first().waitFor()
    await page.getByText('2 conflicts wait for a decision').waitFor()
    await assertSound(page)
    await page.getByRole('button', { name: 'Push', exact: true }).click()
    await page.waitForURL(/pushes\//)
  }
  await using window = await enterAt(browser, story, '/pushes')
  const { page } = window
  await page
    .getByRole('link', { name: /Wishes v2/ })
    .first()
    .click()
  await page.getByRole('tab', { name: 'Conflicts (2)' }).click()
  const conflict = page.getByRole('region', { name: 'Wish' })
  await conflict.getByText('2 sub-accounts').waitFor()
  await assertSound(page)
  await conflict.getByRole('button', { name: "Take the snapshot's" }).click()
  await page.getByText('Carries out 1 decision in 2 sub-accounts').waitFor()
  const { pathname } = new URL(page.url())
  await page.getByRole('button', { name: 'Carry out' }).click()
  await page.waitForURL((url) => url.pathname !== pathname)
  await page.getByRole('status').getByText('Done', { exact: true }).waitFor()
  for (const target of two) assert.equal((await wishOf(target)).document.placeholder, OURS)
  await page.getByRole('tab', { name: 'Conflicts' }).click()
  await page.getByRole('heading', { name: 'Nothing waits for a decision' }).waitFor()
  window.assertCalm()
})

test('what three sub-accounts changed alike is decided once in the plan, and what was decided stays in sight', async () => {
  const [source, ...places] = await Promise.all(
    ['Head', 'Ghent', 'Izola', 'Jena'].map((name) => newLocation(story, name)),
  )
  assert.ok(source)
  const field = { name: 'Wish', dataType: 'TEXT', placeholder: BEFORE }
  assert.equal((await source.client.post(`/locations/${source.id}/customFields`, field)).status, 201)
  const { id } = await story.agency.capture(source.id, { name: 'Thrice' })
  const to = places.map((place) => place.id)
  await story.agency.push(id, to)
  await write(source, OURS)
  await story.agency.refresh(id)
  for (const place of places) await write(place, THEIRS)
  await using window = await enterAt(browser, story, `/push?snapshot=${id}&to=${to.join()}`)
  const { page } = window
  await page.getByText('3 conflicts wait for a decision').waitFor()
  await page.setViewportSize({ width: 1440, height: 700 })
  await page.getByRole('button', { name: /Wish/ }).click()
  const change = page.getByRole('article', { name: 'Wish' })
  await change.getByText('Changed on both sides: Placeholder').waitFor()
  const low = async (what: Locator) => (await what.boundingBox())?.y ?? 0
  const bar = page.getByRole('button', { name: 'Push', exact: true })
  assert.ok((await low(change.getByText("Take the snapshot's"))) < (await low(bar)) - 40, 'it is not below the bar')
  await change.getByText("Take the snapshot's").click()
  await page.getByText('This updates 3 assets in 3 sub-accounts.').waitFor()
  await change.getByText('Update', { exact: true }).waitFor()
  await assertSound(page)
  await change.getByText('Decide later').click()
  await page.getByText('3 conflicts wait for a decision').waitFor()
  await change.getByText('Conflict', { exact: true }).waitFor()
  await change.getByText("Take the snapshot's").click()
  await page.getByText('This updates 3 assets in 3 sub-accounts.').waitFor()
  await page.reload()
  await change.getByRole('radio', { name: "Take the snapshot's", checked: true }).waitFor({ state: 'attached' })
  await page.getByRole('button', { name: 'Push', exact: true }).click()
  await page.getByRole('status').getByText('Done', { exact: true }).waitFor()
  for (const place of places) assert.equal((await wishOf(place)).document.placeholder, OURS)
  window.assertCalm()
})

test('what collides as a whole is decided too; decisions outlast another tab, and what is settled is counted no more', async () => {
  const { agency } = story
  const [source, target] = [await newLocation(story, 'Keeps it'), await newLocation(story, 'Threw it out')]
  const { id: lineage } = await makeForm(source, 'Thrown out', { description: 'Old' })
  const { id } = await agency.capture(source.id, { name: 'Whole' })
  await agency.push(id, [target.id])
  const { id: theirs } = await named(story, target, 'forms', 'Thrown out')
  assert.equal((await target.client.delete(`/forms/${theirs}`)).status, 200)
  assert.equal((await source.client.put(`/forms/${lineage}`, { description: 'New' })).status, 200)
  await agency.refresh(id)
  const left = await agency.push(id, [target.id])
  assert.deepEqual(left.totals, { conflict: 1 })
  await using window = await enterAt(browser, story, `/pushes/${left.id}?tab=conflicts`)
  const { page } = window
  await page.getByRole('tab', { name: 'Conflicts (1)' }).waitFor()
  const conflict = page.getByRole('region', { name: 'Thrown out' })
  await conflict.getByRole('button', { name: "Take the snapshot's" }).click()
  const told = page.getByText('Carries out 1 decision in 1 sub-account')
  await told.waitFor()
  await conflict.getByText('Not decided').click()
  await told.waitFor({ state: 'detached' })
  await conflict.getByRole('button', { name: "Take the snapshot's" }).click()
  await page.getByRole('tab', { name: 'Sub-accounts' }).click()
  await page.getByRole('tab', { name: /Conflicts/ }).click()
  await told.waitFor()
  await assertSound(page)
  await page.getByRole('button', { name: 'Carry out' }).click()
  await page.waitForURL((url) => !url.pathname.includes(left.id))
  await page.getByRole('status').getByText('Done', { exact: true }).waitFor()
  assert.equal((await named(story, target, 'forms', 'Thrown out')).document.description, 'New')
  await window.visit(`/pushes/${left.id}?tab=conflicts`)
  await page.getByRole('heading', { name: 'Nothing waits for a decision' }).waitFor()
  await page.getByRole('tab', { name: 'Conflicts', exact: true }).waitFor()
  window.assertCalm()
})

test('what a client says while it is decided about is shown, and asked about once more', async () => {
  const { agency } = story
  const [source, target] = [await newLocation(story, 'Says'), await newLocation(story, 'Says since')]
  const field = { name: 'Wish', dataType: 'TEXT', placeholder: BEFORE }
  assert.equal((await source.client.post(`/locations/${source.id}/customFields`, field)).status, 201)
  const { id } = await agency.capture(source.id, { name: 'Said' })
  await agency.push(id, [target.id])
  await write(target, THEIRS)
  await write(source, OURS)
  await agency.refresh(id)
  await agency.push(id, [target.id])
  await using window = await enterAt(browser, story, `/snapshots/${id}?tab=conflicts`)
  const { page } = window
  const conflict = page.getByRole('region', { name: 'Wish' })
  const carryOut = page.getByRole('button', { name: 'Carry out' })
  const take = async () => {
    await conflict.getByRole('button', { name: "Take the snapshot's" }).click()
    await page.getByText('Carries out 1 decision in 1 sub-account. This updates 1 asset in 1 sub-account.').waitFor()
  }
  await take()
  const since = 'Straightaway'
  await write(target, since)
  await carryOut.click()
  await page.getByRole('alert').getByText('Something has changed since this plan was made', { exact: false }).waitFor()
  await conflict.getByText(since).waitFor()
  await carryOut.waitFor({ state: 'detached' })
  assert.equal((await wishOf(target)).document.placeholder, since)
  await assertSound(page)
  await take()
  await carryOut.click()
  await page.getByRole('status').getByText('Done', { exact: true }).waitFor()
  assert.equal((await wishOf(target)).document.placeholder, OURS)
})
