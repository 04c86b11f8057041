import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { registry } from '../../src/operations/index.ts'
import { openWindow, startChromium } from '../support/chromium.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let browser: Browser
before(async () => {
  server = await startTestServer({ work: false })
  browser = await startChromium()
})
after(async () => {
  await browser?.close()
  await server?.[Symbol.asyncDispose]()
})

test('the reference shows every operation, finds one by its words, and asks nobody else', async () => {
  await using window = await openWindow(browser, { viewport: { width: 1440, height: 900 } })
  const { page } = window
  await page.goto(`${server.url}/docs`)
  await page.getByRole('heading', { name: 'Tintype' }).waitFor()
  const groups = new Set(registry.all.map(({ category }) => category))
  for (const group of groups) await page.getByText(group, { exact: true }).first().waitFor({ state: 'attached' })
  await page.getByRole('button', { name: /Search/ }).click()
  await page.getByRole('combobox').or(page.getByRole('searchbox')).first().fill('Upsert Contact')
  await page
    .getByRole('option', { name: /Upsert Contact/ })
    .first()
    .click()
  await page.getByText('/contacts/upsert').first().waitFor()
  assert.deepEqual(window.complaints, [])
  assert.deepEqual(
    window.requests.filter((url) => /^https?:/.test(url) && !url.startsWith(`${server.url}/`)),
    [],
  )
})

test('what operations say of themselves stays text in it', async () => {
  const hostile = `<img src=x onerror="document.title='taken'"><script>document.title='taken'</script>`
  await using window = await openWindow(browser)
  const { page } = window
  const { body } = await server.client().get('/openapi.json')
  const [[path, item]] = Object.entries(body.paths) as [[string, Record<string, object>]]
  const [[method, one]] = Object.entries(item) as [[string, object]]
  const planted = {
    ...body,
    info: { ...body.info, title: hostile },
    paths: { [path]: { [method]: { ...one, summary: hostile, description: hostile } } },
  }
  await page.route('**/openapi.json', (route) => route.fulfill({ json: planted }))
  await page.goto(`${server.url}/docs`)
  await page
    .getByRole('heading', { name: /onerror/ })
    .first()
    .waitFor()
  assert.equal(await page.title(), 'Tintype reference')
})

test('the policy of the reference allows its own files and requests to this server alone', async () => {
  const { status, headers } = await server.client().get('/docs')
  assert.equal(status, 200)
  const policy = headers.get('content-security-policy') ?? ''
  assert.match(policy, /^default-src 'none'; script-src 'self' 'sha256-[^']+';/)
  assert.match(policy, /connect-src 'self'.*frame-ancestors 'none'/)
})
