import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { startChromium } from '../support/chromium.ts'
import { assertSound, openConsole, signIn } from '../support/console.ts'
import { until } from '../support/event-stream.ts'
import { makeFlow, makeForm } from '../support/made-assets.ts'
import { newPerson } from '../support/person.ts'
import { newLocation, readAll, type Story, startStory } from '../support/stories.ts'

let story: Story
let browser: Browser
let snapshotId: string
before(async () => {
  browser = await startChromium()
  story = await startStory({ console: true, work: false, rateLimit: 0 })
  await makeForm(story.template, '<i>All fields</i>', {
    fields: [{ type: 'text', label: '<script>alert(1)</script>', required: true }],
  })
  await makeFlow(story.template, '<i>All steps</i>', {
    steps: [
      { id: 'a', type: 'add_note', name: '<b>First</b>', body: 'x', next: 'b' },
      {
        id: 'b',
        type: 'add_note',
        name: 'A step with a name that is much too long for its box',
        body: 'x',
        next: null,
      },
    ],
  })
  snapshotId = (await story.agency.capture(story.template.id, { name: '<b>Studio</b>' })).id
})
after(async () => {
  await browser?.close()
  await story?.[Symbol.asyncDispose]()
})

/** A window in which somebody of an agency is signed in. */
async function enterAs(role: 'operator' | 'viewer', agencyId: string, path: string) {
  const { email, password } = await newPerson(story.server, { agencyId, role })
  const window = await openConsole(browser, story)
  await window.visit(path)
  await signIn(window.page, { demo: { ...story.demo, admin: { email, password } } })
  return window
}

/** What the link holds stands on its page as pictures, and what people wrote as text. */
async function seePictures(page: Page): Promise<void> {
  await page.getByRole('heading', { name: 'Some of it in pictures' }).waitFor()
  const stored = await readAll(story, story.template.id)
  const first = (kind: string) => {
    const names = stored.filter((one) => one.kind === kind).map(({ name }) => name)
    return page.getByRole('figure', { name: new RegExp(names.map(RegExp.escape).join('|')) }).first()
  }
  const pipeline = stored.find(({ kind }) => kind === 'pipelines')!
  const board = page.getByRole('figure', { name: pipeline.name })
  for (const { name } of pipeline.document.stages as { name: string }[])
    await board.getByRole('listitem').getByText(name, { exact: true }).waitFor()
  await first('calendars')
    .getByText(/\d\d:\d\d–\d\d:\d\d/)
    .first()
    .waitFor()
  for (const kind of ['surveys', 'funnels', 'campaigns']) await first(kind).waitFor()
  const funnel = stored.find(({ kind }) => kind === 'funnels')!
  const pages = funnel.document.pages as { sections: { type: string; text?: string }[] }[]
  const block = pages.flatMap(({ sections }) => sections).find(({ text }) => text?.match(/^\w/))
  const onPage = page.getByRole('figure', { name: funnel.name })
  await onPage.getByText(`${block?.type} ${block?.text}`).waitFor()
  await page.getByRole('figure').getByText('<script>alert(1)</script> *').waitFor()
  const graph = page.getByRole('figure', { name: '<i>All steps</i>' }).getByRole('group', { name: 'Steps' })
  assert.deepEqual(await graph.locator('text.title').allTextContents(), [
    'manual',
    '<b>First</b>',
    'A step with a name that…',
  ])
  assert.equal(await graph.locator('path').count(), 2)
}

const made = (page: Page) => page.getByRole('dialog', { name: 'The link is made' })

test('one agency shares a snapshot, another opens the link, sees what is inside, and imports it', async () => {
  const { demo } = story
  await using giver = await enterAs('operator', demo.companyId, '/shares')
  await giver.page.getByRole('heading', { name: 'Nothing is shared yet' }).waitFor()
  await assertSound(giver.page)
  await giver.visit(`/snapshots/${snapshotId}`)
  await giver.page.getByRole('link', { name: 'Share', exact: true }).click()
  const form = giver.page.getByRole('dialog', { name: 'Share a snapshot' })
  await form.getByRole('radio', { name: 'One agency, once' }).check()
  await assertSound(giver.page)
  await form.getByRole('button', { name: 'Make link' }).click()
  const link = await made(giver.page).getByLabel('Link').inputValue()
  await assertSound(giver.page)
  await made(giver.page).getByRole('button', { name: 'Done' }).click()
  await giver.page.getByRole('row', { name: /<b>Studio<\/b>.*Open.*0 agencies/ }).waitFor()

  await using taker = await enterAs('operator', demo.partner.companyId, '/shares')
  const { page } = taker
  await page.goto(link)
  await page.getByRole('heading', { name: '<b>Studio</b>' }).waitFor()
  await page.getByRole('row', { name: /Workflows/ }).waitFor()
  await seePictures(page)
  await assertSound(page)
  await page.getByRole('link', { name: 'Import it in the console' }).click()
  const dialog = page.getByRole('dialog', { name: 'Import a snapshot' })
  assert.equal(await dialog.getByLabel('Link or id of a share').inputValue(), new URL(link).searchParams.get('share'))
  await dialog.getByText(demo.partner.relationshipNumber).waitFor()
  await assertSound(page)
  await dialog.getByRole('button', { name: 'Import', exact: true }).click()
  const arrived = page.getByRole('dialog', { name: 'It has arrived' })
  await arrived.getByText(/Workflows: \d/).waitFor()
  await assertSound(page)
  await arrived.getByRole('link', { name: 'Open it' }).click()
  await page.getByRole('heading', { name: '<b>Studio</b>', level: 1 }).waitFor()
  assert.equal(
    await page.getByRole('link', { name: 'Share', exact: true }).count(),
    0,
    'what is theirs is not passed on',
  )
  taker.assertCalm()

  await giver.page.reload()
  await giver.page.getByRole('row', { name: /<b>Studio<\/b>.*Used.*1 agency/ }).waitFor()
  await giver.page.getByRole('button', { name: '<b>Studio</b>' }).click()
  await giver.page
    .getByRole('dialog')
    .getByText(/imported it/)
    .waitFor()
  await assertSound(giver.page)
  giver.assertCalm()
})

test('a share is revoked, which is taken back, and each of the four kinds says for whom it is', async () => {
  const { demo } = story
  const target = await newLocation(story, 'For one')
  await using window = await enterAs('operator', demo.companyId, `/shares?make=${snapshotId}`)
  const { page } = window
  const form = page.getByRole('dialog', { name: 'Share a snapshot' })
  for (const [kind, listed, fault] of [
    ['Everybody with the link', null, null],
    ['Agencies that you list', ['Relationship numbers', demo.partner.relationshipNumber], 'List at least one.'],
    ['Sub-accounts that you list', ['Ids of sub-accounts', target.id], 'List at least one.'],
  ] as const) {
    await form.getByRole('radio', { name: kind }).check()
    if (listed !== null) {
      await form.getByRole('button', { name: 'Make link' }).click()
      await form.getByText(fault).waitFor()
      await form.getByRole('combobox', { name: listed[0] }).fill(listed[1])
      await form.getByRole('combobox', { name: listed[0] }).press('Enter')
    }
    await form.getByRole('button', { name: 'Make link' }).click()
    await made(page).getByRole('button', { name: 'Done' }).click()
    const row = page.getByRole('row', { name: new RegExp(kind) })
    await row.getByRole('button').click()
    await page.waitForURL(/share=\w/)
    if (listed !== null) await page.getByRole('dialog').getByText(listed[1]).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Share a snapshot' }).click()
    await form.getByRole('combobox', { name: 'Snapshot' }).click()
    await page.getByRole('option', { name: '<b>Studio</b>' }).click()
  }
  await form.getByRole('button', { name: 'Cancel' }).click()
  const row = page.getByRole('row', { name: /Everybody with the link/ })
  await row.getByRole('button').click()
  const shareLink = await page.getByRole('dialog').getByLabel('Link').inputValue()
  await page.getByRole('button', { name: 'Revoke' }).click()
  await row.getByText('Revoked').waitFor()
  assert.equal((await fetch(shareLink)).status, 403)
  await page.getByRole('button', { name: 'Undo' }).click()
  await row.getByText('Open').waitFor()
  assert.equal((await fetch(shareLink)).status, 200)
  await page.getByRole('group', { name: 'State' }).getByText('Open').click()
  await page.waitForURL(/state=open/)
  await assertSound(page)
  window.assertCalm()
})

/** The file behind the link. A busy browser gives up a download now and then. */
async function takeFile(page: Page): Promise<string> {
  const reasons: (string | null)[] = []
  while (reasons.length < 3) {
    const begun = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Download' }).click()
    const download = await begun
    const reason = await download.failure()
    if (reason === null) return download.path()
    reasons.push(reason)
  }
  return assert.fail(`no download came to its end: ${reasons}`)
}

test('a version goes as a file to another agency, which sees what has arrived', async () => {
  const { demo } = story
  await using giver = await enterAs('operator', demo.companyId, `/shares?make=${snapshotId}`)
  const path = await takeFile(giver.page)
  await using taker = await enterAs('operator', demo.partner.companyId, '/shares?import=true')
  const { page } = taker
  const dialog = page.getByRole('dialog', { name: 'Import a snapshot' })
  await dialog.getByText('From a file').click()
  await dialog.getByRole('button', { name: 'Import', exact: true }).click()
  await dialog.getByText('Choose a file.').waitFor()
  await assertSound(page)
  await dialog.locator('input[type=file]').setInputFiles({
    name: 'wrong.ndjson',
    mimeType: 'application/x-ndjson',
    buffer: Buffer.from('nothing of the kind'),
  })
  const before = taker.complaints.length
  await dialog.getByRole('button', { name: 'Import', exact: true }).click()
  await dialog.getByRole('alert').getByText('It could not be imported').waitFor()
  await until(() => taker.complaints.length > before, 'the browser tells the refusal')
  assert.equal(taker.complaints.length, before + 1, 'the refusal, and nothing else')
  await dialog.locator('input[type=file]').setInputFiles(path)
  await dialog.getByRole('button', { name: 'Import', exact: true }).click()
  const arrived = page.getByRole('dialog', { name: 'It has arrived' })
  await arrived.getByText('<b>Studio</b>').waitFor()
  await arrived.getByText(/Workflows: \d/).waitFor()
})

test('a viewer sees what is shared, and is offered neither making nor ending it', async () => {
  await using window = await enterAs('viewer', story.demo.companyId, '/shares?make=any&import=true')
  const { page } = window
  await page.getByRole('button', { name: '<b>Studio</b>' }).first().click()
  await page.getByRole('dialog').getByText('One agency, once').or(page.getByText('It ends when')).first().waitFor()
  for (const name of ['Share a snapshot', 'Import', 'Revoke'])
    assert.equal(await page.getByRole('button', { name }).count(), 0, name)
  assert.equal(await page.getByRole('dialog').count(), 1)
  window.assertCalm()
})
