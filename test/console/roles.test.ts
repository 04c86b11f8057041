import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { startChromium } from '../support/chromium.ts'
import { assertSound, enterAt } from '../support/console.ts'
import { accept, ask, invite } from '../support/guests.ts'
import { readAll, type Story, startStory } from '../support/stories.ts'

let story: Story
let browser: Browser
before(async () => {
  browser = await startChromium()
  story = await startStory({ console: true, work: false, rateLimit: 0 })
  await story.agency.capture(story.template.id, { name: 'Studio' })
})
after(async () => {
  await browser?.close()
  await story?.[Symbol.asyncDispose]()
})

const menuOf = (page: Page) => page.getByRole('navigation', { name: 'Menu' }).getByRole('link').allTextContents()

const AGENCY_MENU = [
  'Fleet',
  'Snapshots',
  'Pushes',
  'Drift',
  'Compare',
  'Shares',
  'Sub-accounts',
  'Journal',
  'Connections',
  'Webhooks',
  'Catalogue',
  'Settings',
]
const SETTINGS_OF_ALL = ['My account', 'Limits']

/** What each role that is invited sees and may do. `opens`, `refuses`: addresses below `/app`. */
const ROLES = [
  {
    role: 'Viewer',
    home: 'Fleet',
    menu: AGENCY_MENU,
    opens: [
      ['/snapshots', 'Snapshots'],
      ['/webhooks', 'Webhooks'],
    ],
    refuses: ['/push', '/settings/people'],
    settings: SETTINGS_OF_ALL,
    makes: { snapshots: null, locations: null, records: null },
    api: { read: 200, capture: 403, contact: 403, people: 403 },
  },
  {
    role: 'Admin',
    home: 'Fleet',
    menu: AGENCY_MENU,
    opens: [
      ['/settings/people', 'People'],
      ['/settings/tokens', 'Tokens'],
      ['/settings/apps', 'Apps'],
      ['/settings/ai-clients', 'AI clients'],
      ['/settings/log', 'Security log'],
    ],
    refuses: [],
    settings: ['My account', 'People', 'Tokens', 'Apps', 'AI clients', 'Limits', 'Security log'],
    makes: { snapshots: 'Capture', locations: 'New sub-account', records: 'New contact' },
    api: { read: 200, capture: 201, contact: 201, people: 200 },
  },
  {
    role: 'Operator',
    home: 'Fleet',
    menu: AGENCY_MENU,
    opens: [
      ['/snapshots', 'Snapshots'],
      ['/push', 'Push'],
    ],
    refuses: ['/settings/people', '/settings/tokens', '/settings/apps', '/settings/ai-clients', '/settings/log'],
    settings: SETTINGS_OF_ALL,
    makes: { snapshots: 'Capture', locations: 'New sub-account', records: 'New contact' },
    api: { read: 200, capture: 201, contact: 201, people: 403 },
  },
  {
    role: 'Client',
    home: 'Sub-accounts',
    location: 'Harbour Photo',
    menu: ['Sub-accounts', 'Connections', 'Webhooks', 'Settings'],
    opens: [
      ['/locations', 'Sub-accounts'],
      ['/connections', 'Connections'],
      ['/webhooks', 'Webhooks'],
    ],
    refuses: [
      ...['/snapshots', '/compare', '/push', '/pushes', '/drift', '/shares', '/journal', '/catalogue'],
      ...['/settings/people', '/settings/tokens', '/settings/apps', '/settings/ai-clients', '/settings/log'],
    ],
    settings: SETTINGS_OF_ALL,
    makes: { snapshots: null, locations: null, records: 'New contact' },
    api: { read: 403, capture: 403, contact: 201, people: 403 },
  },
] as const

for (const { role, home, menu, opens, refuses, settings, makes, api, ...more } of ROLES)
  test(`who was invited as ${role} comes in by the link, and sees and may do exactly that`, async () => {
    const { demo, byHand, template } = story
    const formId = (await readAll(story, byHand.id)).find(({ kind }) => kind === 'forms')?.id
    const email = `${role.toLowerCase()}@guests.example`
    await using owner = await enterAt(browser, story, '/settings/people')
    const link = await invite(owner.page, { email, role, ...more })
    await assertSound(owner.page)
    owner.assertCalm()

    await using guest = await accept(browser, story, link)
    const { page } = guest
    await page.getByRole('heading', { name: home, level: 1 }).waitFor()
    assert.deepEqual(await menuOf(page), [...menu])
    for (const [path, heading] of opens) {
      await guest.visit(path)
      await page.getByRole('heading', { name: heading, level: 1 }).waitFor()
    }
    // What is there to be read stands there before what can be made is looked for.
    const records = `/locations/${byHand.id}/records`
    for (const [path, known, make] of [
      ['/snapshots', 'Studio', makes.snapshots],
      ['/locations', 'Harbour Photo', makes.locations],
      [records, 'Harbour Photo', makes.records],
    ] as const) {
      if (role === 'Client' && path === '/snapshots') continue
      await guest.visit(path)
      await page.getByRole('link', { name: known }).first().waitFor()
      for (const name of ['Capture', 'New sub-account', 'New contact']) {
        const shown = page.getByRole('main').getByText(name, { exact: true })
        if (name === make) await shown.waitFor()
        else assert.equal(await shown.count(), 0, `${role}, ${path}: ${name}`)
      }
    }
    await guest.visit(`${records}/contacts/new`)
    await page.getByRole('heading', { name: makes.records ?? 'This is not for your role' }).waitFor()
    await guest.visit(`/locations/${byHand.id}/assets/forms/${formId}`)
    const form = page.getByRole('textbox', { name: 'Name', exact: true })
    await form.waitFor()
    assert.equal(await form.isEditable(), makes.records !== null, 'who works in a sub-account edits its assets')
    for (const path of refuses) {
      await guest.visit(path)
      await page.getByRole('heading', { name: 'This is not for your role' }).waitFor()
    }
    await guest.visit('/settings')
    await page.waitForURL(/\/settings\/account/)
    const parts = page.getByRole('navigation', { name: 'Settings' }).getByRole('link')
    await parts.first().waitFor()
    assert.deepEqual(await parts.allTextContents(), [...settings])
    guest.assertCalm()

    const company = `companyId=${demo.companyId}`
    assert.equal(await ask(page, 'GET', `/snapshots/?${company}`), api.read)
    const capture = { name: `By a ${role}`, locationId: template.id }
    assert.equal(await ask(page, 'POST', `/snapshots/?${company}`, capture), api.capture)
    const contact = { locationId: byHand.id, firstName: role }
    assert.equal(await ask(page, 'POST', '/contacts/', contact), api.contact)
    assert.equal(await ask(page, 'GET', `/people/?${company}`), api.people)
    if (role === 'Admin') {
      const [boss] = (await story.agency.client.get(`/people/?${company}`)).body.people
      assert.equal(boss.role, 'owner')
      assert.equal(await ask(page, 'POST', `/people/${boss.id}/disable?${company}`), 403, 'owners are for owners')
    }
    if (role !== 'Client') return
    await guest.visit(`/locations/${template.id}/records`)
    await page.getByRole('alert').first().waitFor()
    assert.equal(await page.getByRole('row').filter({ hasText: '@' }).count(), 0, 'nothing of another sub-account')
    const elsewhere = { locationId: template.id, firstName: role }
    assert.equal(await ask(page, 'POST', '/contacts/', elsewhere), 403, 'only where they were let in')
  })
