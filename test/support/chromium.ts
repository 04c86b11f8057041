import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** A real browser, headless: the one TINTYPE_TEST_CHROMIUM names, or the first that the system has. */
export function startChromium(): Promise<Browser> {
  const executablePath = process.env.TINTYPE_TEST_CHROMIUM ?? findChromium()
  if (executablePath === undefined)
    throw new Error(
      'These tests need Chromium. Install it (Debian, Ubuntu: apt-get install chromium), or say where it is: TINTYPE_TEST_CHROMIUM=/path/to/chromium',
    )
  // Its sandbox does not work for root, nor in most containers; the pages are our own.
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] })
}

function findChromium(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => {
    try {
      accessSync(path, constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/** A window of its own, with its own cookies. `seen`: every address that it asked for, and what it complained about. */
export interface Window extends AsyncDisposable {
  page: Page
  requests: string[]
  complaints: string[]
}

const PATIENCE_MS = 15_000

export async function openWindow(browser: Browser, options: BrowserContextOptions = {}): Promise<Window> {
  const context = await browser.newContext({ locale: 'en-GB', reducedMotion: 'reduce', ...options })
  context.setDefaultTimeout(PATIENCE_MS)
  const page = await context.newPage()
  const requests: string[] = []
  const complaints: string[] = []
  page.on('request', (request) => requests.push(request.url()))
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  return { page, requests, complaints, [Symbol.asyncDispose]: () => context.close() }
}
