import assert from 'node:assert/strict'
import axe from 'axe-core'
import type { Browser, BrowserContextOptions, Locator, Page, Request } from 'playwright-core'
import { openWindow, type Window } from './chromium.ts'
import { until } from './event-stream.ts'
import { graveFaults, knowsAxe, neededWidth, nextFrame, schemeNow, setScheme } from './in-page.js'
import type { Story } from './stories.ts'

/** What each page has asked for and not been answered yet; streams of events are never answered. */
const underWay = new WeakMap<Page, Set<Request>>()
const isStream = (request: Request) => request.headers().accept === 'text/event-stream'

export interface ConsoleWindow extends Window {
  /** Goes to a place of the console by its address below `/app`, as a link would. */
  visit(path: string): Promise<void>
  /** Nothing was complained about, nothing failed, and nobody else was asked. */
  assertCalm(): void
}

/** A window of its own in which nobody is signed in. */
export async function openConsole(
  browser: Browser,
  { server }: Pick<Story, 'server'>,
  options: BrowserContextOptions = {},
): Promise<ConsoleWindow> {
  const window = await openWindow(browser, { viewport: { width: 1440, height: 900 }, ...options })
  const failures: string[] = []
  const asked = new Set<Request>()
  underWay.set(window.page, asked)
  window.page.on('request', (request) => isStream(request) || asked.add(request))
  for (const event of ['requestfinished', 'requestfailed'] as const)
    window.page.on(event as 'requestfinished', (request) => asked.delete(request))
  window.page.on('requestfailed', (request) => {
    // Whoever leaves a page lets go of what it still asked for.
    if (request.failure()?.errorText !== 'net::ERR_ABORTED') failures.push(`${request.method()} ${request.url()}`)
  })
  window.page.on('response', (response) => {
    if (response.status() >= 400) failures.push(`${response.status()} ${response.request().method()} ${response.url()}`)
  })
  return {
    ...window,
    async visit(path) {
      await window.page.goto(`${server.url}/app${path}`)
    },
    assertCalm() {
      assert.deepEqual(failures, [], 'every request is answered')
      assert.deepEqual(window.complaints, [], 'the browser complains about nothing')
      const others = new Set(window.requests.map((url) => new URL(url)).filter((url) => /^https?:/.test(url.protocol)))
      assert.deepEqual(
        [...others].filter((url) => url.origin !== server.url),
        [],
        'nobody else is asked',
      )
    },
  }
}

/** What stands for something that is on its way. */
const WAITING = 'main [aria-busy="true"], main .mantine-Skeleton-root'

/** A screen is there when it has a heading, nothing in it waits, and nothing has been asked for in its last two frames. */
export async function settle(page: Page): Promise<void> {
  const asked = underWay.get(page) ?? new Set()
  await page.getByRole('main').getByRole('heading').first().waitFor()
  const deadline = performance.now() + 3_000
  // Some ask again and again: they are left to it.
  for (let calm = 0; calm < 2 && performance.now() < deadline; ) {
    await page.locator(WAITING).first().waitFor({ state: 'detached' })
    await page.evaluate(nextFrame)
    calm = asked.size === 0 ? calm + 1 : 0
  }
}

/** Signs the demo's admin in, by the form. */
export async function signIn(page: Page, { demo }: Pick<Story, 'demo'>): Promise<void> {
  await page.getByLabel('E-mail').fill(demo.admin.email)
  await page.getByLabel('Password', { exact: true }).fill(demo.admin.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('navigation', { name: 'Menu' }).waitFor()
}

/** Waits until so many are shown: what was typed is looked for a moment later. */
export const hasCount = (shown: Locator, count: number): Promise<void> =>
  until(async () => (await shown.count()) === count, `${count} of ${shown}`, 15_000)

/** A window of its own in which the demo's admin has signed in, at a place below `/app`. */
export async function enterAt(browser: Browser, story: Story, path: string): Promise<ConsoleWindow> {
  const window = await openConsole(browser, story)
  await window.visit(path)
  await signIn(window.page, story)
  return window
}

/** One of a list, by its name. */
export async function pick(where: Page | Locator, field: string, option: string): Promise<void> {
  await where.getByRole('combobox', { name: field, exact: true }).click()
  const page = 'goto' in where ? where : where.page()
  await page.getByRole('option', { name: option, exact: true }).click()
}

/** No message lies over the list that is open, from which somebody chooses; over dialogs they do lie. */
export async function assertUncovered(page: Page): Promise<void> {
  await page.getByRole('option').first().waitFor()
  const heights = ['.mantine-Notifications-root', '.mantine-Select-dropdown'].map((part) =>
    page.evaluate<number>(`Number(getComputedStyle(document.querySelector('${part}')).zIndex)`),
  )
  const [message, list] = await Promise.all(heights)
  assert.ok(Number(message) > 200 && Number(message) < Number(list), `${message} and ${list}`)
}

const WIDTHS = [1440, 1024, 390]
/** By night only colours are others. */
const RULES = { light: undefined, dark: ['color-contrast'] }

/**
 * The page as it stands: nothing serious is wrong with it for people who see, hear or move otherwise, by day and by
 * night, and nothing is wider than the window, whatever that measures.
 */
export async function assertSound(page: Page): Promise<void> {
  const size = page.viewportSize()
  const was = await page.evaluate(schemeNow)
  for (const scheme of ['light', 'dark'] as const) {
    await page.evaluate(setScheme, scheme)
    if (!(await page.evaluate(knowsAxe))) await page.evaluate(axe.source)
    const faults = await page.evaluate(graveFaults, RULES[scheme])
    assert.deepEqual(faults, [], `${page.url()} in ${scheme}`)
  }
  await page.evaluate(setScheme, was)
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 844 })
    // What measures itself takes the new width in a moment later.
    let needed = await page.evaluate(neededWidth)
    for (let tries = 0; needed > width && tries < 50; tries++) {
      await page.waitForTimeout(100)
      needed = await page.evaluate(neededWidth)
    }
    assert.ok(needed <= width, `${page.url()} needs ${needed} pixels where ${width} are there`)
  }
  if (size !== null) await page.setViewportSize(size)
}

/** Takes a place of what came for a field of a mapping. */
export async function choose(page: Page, field: string, place: string): Promise<void> {
  await page.getByRole('combobox', { name: field, exact: true }).fill(place)
  await page.getByRole('option', { name: new RegExp(`^${place} ·`) }).click()
}
