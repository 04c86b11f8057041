import { accessSync, constants, mkdirSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/**
 * A real browser, headless: the one TINTYPE_TEST_CHROMIUM names, the first that the system has, or the one that came
 * with npm.
 */
export async function startChromium(): Promise<Browser> {
  const executablePath = process.env.TINTYPE_TEST_CHROMIUM ?? findChromium()
  // Its sandbox does not work for root, nor in most containers; the pages are our own.
  const args = ['--no-sandbox', '--disable-dev-shm-usage']
  if (executablePath !== undefined) return chromium.launch({ executablePath, args })
  return chromium.launch({
    executablePath: await unpackChromium(),
    args,
    env: { ...process.env, LD_LIBRARY_PATH: LIBRARIES },
  })
}

/**
 * Where it unpacks the libraries that it needs and a small system does not have. It brings them where it takes itself
 * to be in a Lambda function only.
 */
const LIBRARIES = join(tmpdir(), 'al2023', 'lib')

/** Of several test files at once only one may unpack it: the others wait until it is whole. */
async function unpackChromium(): Promise<string> {
  const lock = join(tmpdir(), 'tintype-chromium.lock')
  for (let tries = 0; ; tries++) {
    try {
      mkdirSync(lock)
      break
    } catch (error) {
      if (tries > 300) throw new Error(`${lock} is held by a test run that was killed: remove it`, { cause: error })
      await pause(200)
    }
  }
  try {
    process.env.AWS_EXECUTION_ENV ??= 'AWS_Lambda_nodejs24.x'
    const { default: packed } = await import('@sparticuz/chromium')
    return await packed.executablePath()
  } finally {
    rmdirSync(lock)
  }
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

const PATIENCE_MS = 30_000

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
