import type { Page } from 'playwright-core'

/** What is asked of the server, the console's own files apart. */
export const isApi = (url: URL) => !url.pathname.startsWith('/app')
export const BROKEN = { status: 500, json: { message: 'Something went wrong', traceId: 'trace-of-it' } }
export const A_MINUTE_MS = 60_000

/** Comes back to the window after a while: what it shows is asked for anew. */
export async function comeBack(page: Page): Promise<void> {
  await page.clock.setFixedTime(Date.now() + A_MINUTE_MS)
  await page.evaluate("window.dispatchEvent(new Event('visibilitychange'))")
}

/** From here nothing that is read is answered. */
export const breakReads = (page: Page) =>
  page.route(isApi, (route) => (route.request().method() === 'GET' ? route.fulfill(BROKEN) : route.continue()))
