import type { Page } from 'playwright-core'
import { newPassword } from '../src/auth/passwords.ts'
import { createPerson } from '../src/auth/people.ts'
import { inTransaction } from '../src/db/transaction.ts'
import { ensureConsole } from '../src/surfaces/command-line/console-build.ts'
import { startChromium } from '../test/support/chromium.ts'
import { framesSeen, openScreen, watchFrames } from '../test/support/in-page.js'
import { createContacts } from './contacts.ts'
import { callerOf, createFleet, createSource } from './fleet.ts'
import { startProcesses } from './processes.ts'
import { count, createReport, median, ms, timed } from './report.ts'

/** How fast the console is in a real browser, with a large agency behind it. Talks to 127.0.0.1 only. */
const quick = process.argv.includes('--quick')
const FLEET = quick ? 1_000 : 10_000
const CONTACTS = quick ? 10_000 : 100_000
const [ASSETS, CHANGED] = [1_000, 100]
const ROUNDS = 5
const FRAME_MS = 50

const report = createReport(
  'The console',
  `Chromium without a screen or a graphics card, server, worker and database on the same two cores. An agency of ${count(FLEET)} sub-accounts, one of which has ${count(CONTACTS)} contacts.`,
)

await ensureConsole(console.log)
await using processes = await startProcesses()
const { database, url } = processes
const { db } = database
const fleet = await createFleet(db, FLEET)
const source = await createSource(db, fleet.companyId, ASSETS)
const [crowded = ''] = fleet.locationIds
await createContacts(db, crowded, CONTACTS)
const password = newPassword()
const { email } = await inTransaction(db, (tx) =>
  createPerson(
    tx,
    { agencyId: fleet.companyId, role: 'owner', name: 'Bench', email: 'bench@people.example', password },
    Date.now(),
  ),
)
const api = callerOf(url, fleet)
const { snapshot } = await api('POST', '/snapshots/', {
  name: 'Bench',
  locationId: source,
})
const { assets } = await api('GET', `/locations/${source}/assets?kind=forms&limit=${CHANGED}`)
for (const { id } of assets) await api('PUT', `/forms/${id}`, { description: 'Changed since' })
await api('POST', `/snapshots/${snapshot.id}/refresh`)

const browser = await startChromium()
const signedIn = await browser.newContext()
const first = await signedIn.newPage()
await first.goto(`${url}/app`)
await first.getByLabel('E-mail').fill(email)
await first.getByLabel('Password', { exact: true }).fill(password)
await first.getByRole('button', { name: 'Sign in' }).click()
await first.getByRole('navigation', { name: 'Menu' }).waitFor()
const state = await signedIn.storageState()
await signedIn.close()

// A browser that has never been here, but whose owner is signed in.
const cold: number[] = []
for (let round = 0; round < ROUNDS; round++) {
  const context = await browser.newContext({ storageState: state })
  const page = await context.newPage()
  const [took] = await timed(async () => {
    await page.goto(`${url}/app`, { waitUntil: 'commit' })
    await page
      .getByRole('row', { name: /Location 1/ })
      .first()
      .waitFor()
  })
  cold.push(took)
  await context.close()
}
report.add(
  'first screen (the fleet, its rows there), nothing cached',
  ms(median(cold)),
  '<= 1.5 s',
  median(cold) <= 1_500,
)

const context = await browser.newContext({ storageState: state, viewport: { width: 1440, height: 900 } })
const page = await context.newPage()
await page.goto(`${url}/app`)
await page
  .getByRole('row', { name: /Location 1/ })
  .first()
  .waitFor()

/** From the click to the heading, with nothing waiting any more; measured in the page itself. */
const change = async (name: string) => {
  const link = page.getByRole('navigation', { name: 'Menu' }).getByRole('link', { name, exact: true })
  await link.hover()
  return link.evaluate(openScreen)
}
const SCREENS = ['Snapshots', 'Pushes', 'Drift', 'Compare', 'Sub-accounts', 'Journal', 'Catalogue', 'Fleet']
for (const what of ['opened for the first time', 'opened again']) {
  const took: [string, number][] = []
  for (const name of SCREENS) took.push([name, await change(name)])
  const [slowest = '', most = 0] = took.toSorted(([, one], [, other]) => other - one)[0] ?? []
  report.add(
    `change of screen, ${what}: median and slowest of ${SCREENS.length}`,
    `${ms(median(took.map(([, one]) => one)))}, ${ms(most)} (${slowest})`,
    '<= 200 ms',
    most <= 200,
  )
}

/** Scrolls what is below the pointer for some seconds; the longest frame, and how many were too long. */
async function scroll(page: Page): Promise<{ longest: number; slow: number; frames: number }> {
  await page.evaluate(watchFrames)
  for (let step = 0; step < 120; step++) {
    await page.mouse.wheel(0, 400)
    await page.waitForTimeout(16)
  }
  const seen = await page.evaluate(framesSeen)
  return { longest: Math.max(...seen), slow: seen.filter((one) => one > FRAME_MS).length, frames: seen.length }
}
for (const [what, path] of [
  [`the fleet of ${count(FLEET)}`, '/app'],
  [`a table of ${count(CONTACTS)} contacts`, `/app/locations/${crowded}/records`],
] as const) {
  await page.goto(`${url}${path}`)
  await page.getByRole('row').nth(5).hover()
  await page.waitForLoadState('networkidle')
  const { longest, slow, frames } = await scroll(page)
  report.add(
    `scrolling ${what}: longest frame, frames over ${FRAME_MS} ms`,
    `${ms(longest)}, ${slow} of ${frames}`,
    `none over ${FRAME_MS} ms`,
    slow === 0,
  )
}

const compared: number[] = []
for (let round = 0; round < ROUNDS; round++) {
  const [took] = await timed(async () => {
    await page.goto(`${url}/app/compare?snapshot=${snapshot.id}&from=1&to=2`, { waitUntil: 'commit' })
    await page.getByText(`Changed ${assets.length}`).first().waitFor()
  })
  compared.push(took)
}
report.add(
  `compare of two versions of ${count(ASSETS)} assets, ${assets.length} changed, the page and all`,
  ms(median(compared)),
  '<= 500 ms',
  median(compared) <= 500,
)

// From the moment an edit is sent to its line in the journal, in the browser.
const { tag } = await api('POST', `/locations/${crowded}/tags`, { name: 'seen' })
await page.goto(`${url}/app/journal?location=${crowded}`)
await page.getByRole('list', { name: 'Journal' }).getByRole('listitem').first().waitFor()
const seen: number[] = []
for (let round = 0; round < ROUNDS * 2; round++) {
  // Earlier lines tell of the tag by its new name, too, once they are read again.
  const [took] = await timed(async () => {
    await api('PUT', `/locations/${crowded}/tags/${tag.id}`, { name: `seen ${round}` })
    await page
      .getByRole('button', { name: new RegExp(`^changed .* seen ${round}$`) })
      .first()
      .waitFor()
  })
  seen.push(took)
}
report.add(
  `an edit in the tail of the journal, from being sent to being seen: median and slowest of ${seen.length}`,
  `${ms(median(seen))}, ${ms(Math.max(...seen))}`,
  '<= 1 s',
  Math.max(...seen) <= 1_000,
)
await browser.close()
if (!quick) report.write()
