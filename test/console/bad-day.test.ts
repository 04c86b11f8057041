import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { startChromium } from '../support/chromium.ts'
import { assertSound, enterAt, openConsole, signIn } from '../support/console.ts'
import { A_MINUTE_MS, BROKEN, breakReads, comeBack, isApi } from '../support/console-reads.ts'
import { until } from '../support/event-stream.ts'
import { makeForm } from '../support/made-assets.ts'
import { newLocation, type Story, startStory } from '../support/stories.ts'

let story: Story
let browser: Browser
before(async () => {
  browser = await startChromium()
  story = await startStory({ console: true, work: false, rateLimit: 0 })
})
after(async () => {
  await browser?.close()
  await story?.[Symbol.asyncDispose]()
})

const enter = (path: string) => enterAt(browser, story, path)

test('a record stays, with what is done with it, though it could not be read again', async () => {
  const place = await newLocation(story, 'Read once')
  const { contact } = (await place.client.post('/contacts/', { locationId: place.id, firstName: 'Ada' })).body
  await using window = await enter(`/locations/${place.id}/records/contacts/${contact.id}?take=true`)
  const { page } = window
  const dialog = page.getByRole('dialog')
  await dialog.waitFor()
  await breakReads(page)
  await comeBack(page)
  await page.getByRole('alert').filter({ hasText: 'trace-of-it' }).first().waitFor()
  await dialog.waitFor()
  await page.keyboard.press('Escape')
  await page.getByText('Ada', { exact: true }).last().waitFor()
  await page.unroute(isApi)
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('alert').waitFor({ state: 'detached' })
})

test('what has been read stays where it cannot be read again, and that is told', async () => {
  const { agency, template, byHand } = story
  await newLocation(story, 'Still there')
  const { id: snapshotId } = await agency.capture(template.id, { name: 'Kept in sight' })
  const { push } = await agency.post(`/${snapshotId}/push`, { locationIds: [byHand.id] }, 202)
  // One that runs is followed by its stream.
  await agency.post(`/pushes/${push.id}/cancel`, {}, 202)
  await makeForm(template, 'Newest of all')
  const { pipelines } = (await template.client.get(`/opportunities/pipelines?locationId=${template.id}`)).body
  const [{ id: pipelineId, stages }] = pipelines
  for (const [path, text] of [
    ['', 'Still there'],
    [`/pushes/${push.id}`, 'Kept in sight'],
    ['/pushes', 'Kept in sight'],
    ['/journal', 'Newest of all'],
    ['/snapshots', 'Kept in sight'],
    [`/drift?snapshot=${snapshotId}`, 'Nothing has drifted'],
    [`/locations/${template.id}`, 'Newest of all'],
    [`/locations/${template.id}/records?kind=opportunities&pipeline=${pipelineId}`, stages[0].name],
  ] as const) {
    await using window = await enter(path)
    const { page } = window
    const shown = page.getByRole('main').getByText(text, { exact: false }).first()
    await shown.waitFor()
    await breakReads(page)
    await comeBack(page)
    const told = page.getByRole('alert').filter({ hasText: 'trace-of-it' })
    await told
      .first()
      .waitFor({ timeout: 20_000 })
      .catch(() => assert.fail(`${path} tells nothing`))
    assert.equal(await shown.isVisible(), true, path)
    await assertSound(page)
    await page.unroute(isApi)
    const again = told.getByRole('button', { name: 'Try again' }).first()
    const isOver = async () => {
      await again.click({ timeout: 1_000 }).catch(() => undefined)
      return (await told.count()) === 0
    }
    await until(isOver, `${path || 'the fleet'} is whole again`, 20_000)
  }
})

test('what is half written stays, though what the form began with could not be asked for again', async () => {
  const place = await newLocation(story, 'Half written')
  const written = { locationId: place.id, firstName: 'Ada', city: 'Rome' }
  const { contact } = (await place.client.post('/contacts/', written)).body
  const { id: formId } = await makeForm(place, 'Ask', { description: 'Old' })
  for (const [path, label] of [
    [`/locations/${place.id}/records/contacts/${contact.id}/edit`, 'City'],
    [`/locations/${place.id}/assets/forms/${formId}`, 'Description'],
  ] as const) {
    await using window = await enter(path)
    const { page } = window
    const field = page.getByLabel(label)
    await field.fill('Half written')
    await breakReads(page)
    await comeBack(page)
    const told = page.getByRole('alert').filter({ hasText: 'trace-of-it' })
    await told.waitFor()
    assert.equal(await field.inputValue(), 'Half written')
    await assertSound(page)
    await page.unroute(isApi)
    await told.getByRole('button', { name: 'Try again' }).click()
    await told.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved.').waitFor()
  }
  assert.equal((await place.client.get(`/contacts/${contact.id}`)).body.contact.city, 'Half written')
  assert.equal((await place.client.get(`/forms/${formId}`)).body.form.description, 'Half written')
})

test('a note that is half written stays, too, though the versions could not be asked for again', async () => {
  const { id } = await story.agency.capture(story.template.id, { name: 'Noted' })
  await using window = await enter(`/snapshots/${id}?tab=versions`)
  const { page } = window
  await page.getByRole('button', { name: 'Name and note' }).click()
  const note = page.getByRole('dialog').getByLabel('Note')
  await note.fill('Half written')
  await breakReads(page)
  await comeBack(page)
  await page.getByText('trace-of-it').first().waitFor()
  assert.equal(await note.inputValue(), 'Half written')
})

test('a long address comes whole through signing in', async () => {
  await using window = await openConsole(browser, story)
  const { page } = window
  const except = Array.from({ length: 60 }, (_, index) => `LeftOut${String(index).padStart(13, '0')}`)
  await window.visit(`/push?to=all&except=${except.join(',')}&policy=skip`)
  await signIn(page, story)
  await page.waitForURL(/\/app\/push/)
  const there = new URL(page.url()).searchParams
  assert.deepEqual([JSON.parse(there.get('except') ?? ''), there.get('policy')], [except, 'skip'])
  await page.goBack()
  assert.equal(page.url(), 'about:blank', 'going back does not lead to the form again')
})

test('without a network it is told at once what was not done, and nothing is done later behind anybody', async () => {
  await using window = await enter('/shares')
  const { page } = window
  await page.getByRole('heading', { name: 'Nothing is shared yet' }).waitFor()
  await page.getByRole('link', { name: 'Snapshots', exact: true }).click()
  await page.getByRole('button', { name: 'Capture' }).click()
  const form = page.getByRole('dialog', { name: 'Capture a sub-account' })
  await form.getByRole('combobox', { name: 'Sub-account' }).fill('Templ')
  await page.getByRole('option', { name: 'Template' }).click()
  await form.getByLabel('Name of the snapshot').fill('Without a network')
  await form.getByText(/assets there now/).waitFor()
  await page.context().setOffline(true)
  await form.getByRole('button', { name: 'Capture', exact: true }).click()
  await form.getByRole('alert').getByText('The server cannot be reached').first().waitFor()
  await form.getByRole('button', { name: 'Cancel' }).click()
  await page.clock.setFixedTime(Date.now() + A_MINUTE_MS)
  await page.getByRole('link', { name: 'Shares' }).click()
  const main = page.getByRole('main')
  await main.getByText('The server cannot be reached').first().waitFor()
  await page.context().setOffline(false)
  await main.getByText('The server cannot be reached').first().waitFor({ state: 'detached' })
  await page.getByRole('heading', { name: 'Nothing is shared yet' }).waitFor()
  const { snapshots } = await story.agency.get('/')
  assert.equal(
    snapshots.some(({ name }: { name: string }) => name === 'Without a network'),
    false,
  )
})

test('what a deed needs and the page does not hold yet is missed in words, too', async () => {
  await using window = await enter('/snapshots?capture=true')
  const { page } = window
  const form = page.getByRole('dialog', { name: 'Capture a sub-account' })
  await form.getByRole('combobox', { name: 'Sub-account' }).fill('Templ')
  await page.getByRole('option', { name: 'Template' }).click()
  await form.getByLabel('Name of the snapshot').fill('Of a part')
  await form.getByText(/assets there now/).waitFor()
  await page.context().setOffline(true)
  await form.getByRole('button', { name: 'Capture', exact: true }).click()
  await form.getByRole('alert').getByText('A part of this page did not come').waitFor()
  await assertSound(page)
  assert.equal(await form.getByLabel('Name of the snapshot').inputValue(), 'Of a part')
})

test('what ends after its dialog was closed is told all the same, and leads nobody away', async () => {
  await using window = await enter('/snapshots')
  const { page } = window
  const form = page.getByRole('dialog', { name: 'Capture a sub-account' })
  const isCapture = (url: URL) => url.pathname === '/snapshots/'
  for (const isRefused of [true, false]) {
    const { promise: isDone, resolve: go } = Promise.withResolvers<void>()
    await page.route(isCapture, async (route) => {
      if (route.request().method() !== 'POST') return route.continue()
      await isDone
      await (isRefused ? route.fulfill(BROKEN) : route.continue())
    })
    await page.getByRole('link', { name: 'Snapshots', exact: true }).click()
    await page.getByRole('button', { name: 'Capture' }).click()
    await form.getByRole('combobox', { name: 'Sub-account' }).fill('Templ')
    await page.getByRole('option', { name: 'Template' }).click()
    await form.getByLabel('Name of the snapshot').fill('Slowly')
    const sent = page.waitForRequest((request) => request.method() === 'POST' && isCapture(new URL(request.url())))
    await form.getByRole('button', { name: 'Capture', exact: true }).click()
    await sent
    await page.keyboard.press('Escape')
    await page.getByRole('link', { name: 'Shares' }).click()
    await page.getByRole('heading', { name: 'Nothing is shared yet' }).waitFor()
    go()
    if (isRefused) await page.getByRole('alert').getByText('trace-of-it').waitFor()
    else await page.getByText('What you had begun is done.').waitFor()
    await assertSound(page)
    assert.match(page.url(), /\/app\/shares$/)
    await page.unroute(isCapture)
  }
})

test('a document that cannot be read yet is not left without asking', async () => {
  const place = await newLocation(story, 'Left as text')
  const { id: formId } = await makeForm(place, 'Ask', { description: 'Old' })
  await using window = await enter(`/locations/${place.id}/assets/forms/${formId}?view=json`)
  const { page } = window
  const text = page.getByLabel('The document as JSON')
  const written = '{ "name": "Ask", "description": "much more"'
  await text.fill(written)
  await page.getByRole('link', { name: 'Shares' }).click()
  const asked = page.getByRole('dialog', { name: 'Leave without saving?' })
  await asked.getByRole('button', { name: 'Stay here' }).click()
  await asked.waitFor({ state: 'detached' })
  await page.getByRole('tab', { name: 'Form' }).click()
  await asked.getByRole('button', { name: 'Stay here' }).click()
  assert.equal(await text.inputValue(), written)
  await page.getByRole('tab', { name: 'Form' }).click()
  await asked.getByRole('button', { name: 'Leave and lose it' }).click()
  await page.getByLabel('Description').waitFor()
  assert.equal(await page.getByText('Not saved yet').count(), 0)
})

test('putting back what was then takes unsaved changes away only as long as nobody wants them again', async () => {
  const place = await newLocation(story, 'Put back over')
  const { id: formId } = await makeForm(place, 'Ask', { description: 'Old' })
  for (const description of ['first', 'second']) await place.client.put(`/forms/${formId}`, { description })
  await using window = await enter(`/locations/${place.id}/assets/forms/${formId}`)
  const { page } = window
  await page.getByLabel('Description').fill('third, not saved')
  await page.getByRole('tab', { name: 'History' }).click()
  await page.getByRole('button', { name: 'As it was then' }).nth(1).click()
  await page.getByRole('button', { name: 'Put this back' }).click()
  await page.getByLabel('Description').waitFor()
  assert.equal(await page.getByLabel('Description').inputValue(), 'first')
  await page.getByRole('button', { name: 'Undo' }).click()
  assert.equal(await page.getByLabel('Description').inputValue(), 'third, not saved')
  window.assertCalm()
})

test('who is not let in as the server is in trouble keeps the password, and is told the trace id', async () => {
  await using window = await openConsole(browser, story)
  const { page } = window
  await window.visit('/sign-in')
  const isSession = (url: URL) => url.pathname === '/session'
  await page.route(isSession, (route) => route.fulfill(BROKEN))
  await page.getByLabel('E-mail').fill(story.demo.admin.email)
  const password = page.getByLabel('Password', { exact: true })
  await password.fill(story.demo.admin.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('alert').getByText('trace-of-it').waitFor()
  await assertSound(page)
  assert.equal(await password.inputValue(), story.demo.admin.password)
  await page.unroute(isSession)
  await password.fill('not the password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('alert').filter({ hasNotText: 'trace-of-it' }).waitFor()
  assert.equal(await password.inputValue(), '')
  await signIn(page, story)
})
