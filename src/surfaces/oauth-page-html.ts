import type { AccessRequest } from '../auth/access-requests.ts'
import type { App } from '../auth/apps.ts'
import type { Choice } from '../auth/authorisation.ts'
import type { Person } from '../auth/people.ts'
import { escapeHtml } from './html.ts'
import { STYLE, STYLE_HASH } from './oauth-page-style.ts'

export interface ConsentView {
  person: Person
  request: AccessRequest
  agencyName: string
  /** Whose app it is; null for the admin's own agency. A name alone can be anybody's. */
  owner: string | null
  choices: readonly Choice[]
  /** There are more than are shown. */
  more: boolean
  find: string
  /** The query as it came, for the search form. */
  sent: readonly (readonly [string, string])[]
}

/** Own style, own forms, and after them the app's address: browsers hold a form's redirect to the policy too. */
export function policyOf(redirectUri: string | null): string {
  return (
    `default-src 'none'; style-src ${STYLE_HASH}; form-action ` +
    `'self'${redirectUri === null ? '' : ` ${sourceOf(new URL(redirectUri))}`}; base-uri 'none'; frame-ancestors ` +
    `'none'`
  )
}

/** A policy names no IPv6 addresses, and of an app's own scheme only the scheme. */
const sourceOf = (url: URL) =>
  ['http:', 'https:'].includes(url.protocol) && !url.hostname.startsWith('[') ? url.origin : url.protocol

export const frame = (title: string, body: string) =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body><main><div class="card">${body}</div></main></body></html>`

/** What every form of these pages needs. */
export interface PageForm {
  /** Where it is sent: this very page, with the query that brought us here. */
  action: string
  csrf: string
  /** What was wrong with the last try. */
  fault?: string | undefined
}

export const open = ({ action, csrf }: PageForm, step: string) =>
  `<form method="post" action="${escapeHtml(action)}"><input type="hidden" name="csrf" value="${escapeHtml(csrf)}"><input type="hidden" name="step" value="${step}">`

export const faultText = ({ fault }: PageForm) =>
  fault === undefined ? '' : `<p class="fault" id="fault" role="alert">${escapeHtml(fault)}</p>`

/** Asked for once it is known that there is a second factor. */
const CODE =
  '\n<label class="field">Code of your second factor, or a recovery code <input type="text" name="code" ' +
  'autocomplete="one-time-code" maxlength="30"></label>'

export function toSignInPage(form: PageForm, options: { app: App; email: string; asksCode: boolean }): string {
  const { app, email, asksCode } = options
  const wrong = form.fault === undefined ? '' : ' aria-invalid="true" aria-describedby="fault"'
  // Whoever comes back has typed the e-mail already.
  const [first, second] = email === '' ? [' autofocus', ''] : ['', ' autofocus']
  return frame(
    `${form.fault === undefined ? '' : 'Error: '}Sign in`,
    `<h1>Sign in</h1><p><strong>${escapeHtml(app.name)}</strong> asks for access to your agency or one of its sub-accounts. Sign in to see what it wants, and to decide.</p>${faultText(form)}
${open(form, 'sign-in')}
<label class="field">E-mail <input type="email" name="email" value="${escapeHtml(email)}" autocomplete="username" maxlength="320" required${first}${wrong}></label>
<label class="field">Password <input type="password" name="password" autocomplete="current-password" maxlength="1000" required${second}${wrong}></label>${asksCode ? CODE : ''}
<div class="buttons"><button class="main" type="submit">Sign in</button><button type="submit" name="decision" value="deny" formnovalidate>Cancel</button></div></form>`,
  )
}

/** Asks for the present password before it gives another one. */
export function toPasswordPage(form: PageForm, { email }: { email: string }): string {
  const wrong = form.fault === undefined ? '' : ' aria-invalid="true" aria-describedby="fault"'
  return frame(
    `${form.fault === undefined ? '' : 'Error: '}New password`,
    `<h1>New password</h1><p>You get a new one in place of the present password of ${escapeHtml(email)}. All of your sessions end.</p>${faultText(form)}
${open(form, 'new-password')}
<label class="field">Present password <input type="password" name="password" autocomplete="current-password" maxlength="1000" required autofocus${wrong}></label>
<div class="buttons"><button class="main" type="submit">Get a new one</button></div></form>`,
  )
}

/** The only time that it can be read. */
export function toNewPasswordPage(action: string, { email, password }: { email: string; password: string }): string {
  return frame(
    'Your new password',
    `<h1>Your new password</h1><p>The password of ${escapeHtml(email)} is now</p><p><code id="password">${escapeHtml(password)}</code></p>
<p>Keep it: it cannot be shown again. The one before is worth nothing any more.</p><p><a href="${escapeHtml(action)}">Sign in with it</a></p>`,
  )
}

export function toChoice({ id, name, address }: Choice): string {
  const where = address === '' ? '' : ` <small>${escapeHtml(address)}</small>`
  return `<label class="choice"><input type="radio" name="target" value="${escapeHtml(id)}" required><span>${escapeHtml(name)}${where}</span></label>`
}

export const isSearched = ({ more, find }: ConsentView) => more || find !== ''

export function searchField(view: ConsentView): string {
  if (!isSearched(view)) return ''
  return `<div class="search"><label class="field">Search sub-accounts <input type="search" name="find" value="${escapeHtml(view.find)}" maxlength="200" form="search"></label><button type="submit" form="search">Search</button></div>`
}

export function afterChoices({ choices, more, find }: ConsentView): string {
  if (more) return `<p class="soft">These are the first ${choices.length}. Search for the one you mean.</p>`
  return find !== '' && choices.length === 0
    ? `<p class="soft">No sub-account has “${escapeHtml(find)}” in its name.</p>`
    : ''
}

/** `customFields` is "custom fields", `check-slug` is "check slug". */
export const toWords = (name: string) =>
  name.replace(/([a-z])([A-Z])/g, (_, end, begin) => `${end} ${begin.toLowerCase()}`).replaceAll(/[-/]/g, ' ')

export const toTitle = (words: string) => words.charAt(0).toUpperCase() + words.slice(1)

/** `back`: the address of the app, where it is known to be its own. */
export function toRefusalPage(message: string, back?: string): string {
  const way =
    back === undefined
      ? 'Go back to the app and try again.'
      : `<a href="${escapeHtml(back)}">Go back to ${escapeHtml(placeOf(back))}</a>`
  return frame('Access', `<h1>This cannot go on</h1><p>${escapeHtml(message)}</p><p class="soft">${way}</p>`)
}

/** Of an app's own scheme there is only the scheme. */
const placeOf = (address: string) => new URL(address).host || new URL(address).protocol
