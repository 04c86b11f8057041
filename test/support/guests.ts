import type { Browser, Page } from 'playwright-core'
import { assertSound, type ConsoleWindow, openConsole } from './console.ts'
import type { Story } from './stories.ts'

/** What all guests choose. */
export const PASSWORD = 'correct horse battery'

interface Guest {
  email: string
  role: string
  /** A client's. */
  location?: string
}

/** Invites somebody by the form. Answers the link. */
export async function invite(page: Page, { email, role, location }: Guest): Promise<string> {
  await page.getByRole('button', { name: 'Invite' }).first().click()
  const form = page.getByRole('dialog', { name: 'Invite somebody' })
  await form.getByLabel('E-mail').fill(email)
  await form.getByLabel('Name').fill(`The ${role}`)
  await form.getByRole('radio', { name: role }).check()
  if (location !== undefined) {
    await form.getByRole('combobox', { name: 'Sub-accounts' }).fill(location)
    await page.getByRole('option', { name: location }).click()
    await form.getByRole('combobox', { name: 'Sub-accounts' }).press('Escape')
  }
  await assertSound(page)
  await form.getByRole('button', { name: 'Make invitation' }).click()
  const made = page.getByRole('dialog', { name: 'The link is made' })
  const link = await made.getByLabel('Link').inputValue()
  await assertSound(page)
  await made.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('row', { name: new RegExp(email) }).waitFor()
  return link
}

/** Opens a link in a window of one's own, and comes in by it. */
export async function accept(browser: Browser, story: Story, link: string): Promise<ConsoleWindow> {
  const window = await openConsole(browser, story)
  const { page } = window
  await page.goto(link)
  await page.getByRole('heading', { name: 'Set your password' }).waitFor()
  await assertSound(page)
  await page.getByLabel('New password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Set password and sign in' }).click()
  await page.getByRole('navigation', { name: 'Menu' }).waitFor()
  return window
}

/** What the same browser is answered when it asks the API by itself. */
export async function ask(page: Page, method: string, path: string, body?: object): Promise<number> {
  const response = await page.context().request.fetch(new URL(path, page.url()).href, {
    method,
    headers: { 'x-tintype-console': '1', version: '2021-07-28' },
    ...(body === undefined ? {} : { data: body }),
  })
  return response.status()
}
