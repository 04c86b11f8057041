import type { Admin } from '../auth/admins.ts'
import type { App } from '../auth/apps.ts'
import type { AccessRequest, Choice } from '../auth/authorisation.ts'
import { STYLE, STYLE_HASH } from './oauth-page-style.ts'
import { escapeHtml } from './reference-page.ts'

/** Own style, own forms, and after them the app's address: browsers hold a form's redirect to the policy too. */
export function policyOf(redirectUri: string | null): string {
  return `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action 'self'${redirectUri === null ? '' : ` ${sourceOf(new URL(redirectUri))}`}; base-uri 'none'; frame-ancestors 'none'`
}

/** A policy names no IPv6 addresses, and of an app's own scheme only the scheme. */
const sourceOf = (url: URL) => (['http:', 'https:'].includes(url.protocol) && !url.hostname.startsWith('[') ? url.origin : url.protocol)

const frame = (title: string, body: string) =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body><main><div class="card">${body}</div></main></body></html>`

/** What every form of these pages needs. */
export interface PageForm {
  /** Where it is sent: this very page, with the query that brought us here. */
  action: string
  csrf: string
  /** What was wrong with the last try. */
  fault?: string | undefined
}

const open = ({ action, csrf }: PageForm, step: string) =>
  `<form method="post" action="${escapeHtml(action)}"><input type="hidden" name="csrf" value="${escapeHtml(csrf)}"><input type="hidden" name="step" value="${step}">`

const faultText = ({ fault }: PageForm) => (fault === undefined ? '' : `<p class="fault" id="fault" role="alert">${escapeHtml(fault)}</p>`)

export function toSignInPage(form: PageForm, options: { app: App; email: string }): string {
  const { app, email } = options
  const wrong = form.fault === undefined ? '' : ' aria-invalid="true" aria-describedby="fault"'
  // Whoever comes back has typed the e-mail already.
  const [first, second] = email === '' ? [' autofocus', ''] : ['', ' autofocus']
  return frame(
    `${form.fault === undefined ? '' : 'Error: '}Sign in`,
    `<h1>Sign in</h1><p><strong>${escapeHtml(app.name)}</strong> asks for access to your agency or one of its sub-accounts. Sign in to see what it wants, and to decide.</p>${faultText(form)}
${open(form, 'sign-in')}
<label class="field">E-mail <input type="email" name="email" value="${escapeHtml(email)}" autocomplete="username" maxlength="320" required${first}${wrong}></label>
<label class="field">Password <input type="password" name="password" autocomplete="current-password" maxlength="1000" required${second}${wrong}></label>
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

export interface ConsentView {
  admin: Admin
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

export function toConsentPage(form: PageForm, view: ConsentView): string {
  const { admin, request } = view
  const name = escapeHtml(request.app.name)
  return frame(
    `${form.fault === undefined ? '' : 'Error: '}Allow ${request.app.name}?`,
    `<h1>Allow ${name}?</h1><p>${view.owner === null ? 'An app of your own agency.' : `An app of <strong>${escapeHtml(view.owner)}</strong>, another agency.`}</p>
${open(form, 'sign-out')}<p class="soft">Signed in as ${escapeHtml(admin.email)}. <button class="link" type="submit">Not you?</button></p></form>
${open(form, 'password')}<p class="soft"><button class="link" type="submit">New password</button></p></form>
${faultText(form)}${searchForm(form, view)}
${open(form, 'consent')}
<fieldset><legend>Where may it act?</legend>${searchField(view)}
<div class="choices">
<label class="choice"><input type="radio" name="target" value="agency" required><span>${escapeHtml(view.agencyName)} <small>The agency and all of its sub-accounts</small></span></label>
<label class="choice future"><input type="checkbox" name="future" value="yes"><span>Also in sub-accounts that are made later</span></label>
${view.choices.map(toChoice).join('\n')}
</div>${afterChoices(view)}
</fieldset>
<section aria-labelledby="rights"><h2 id="rights">What may it do?</h2>${toRights(request.scopes)}</section>
<section><p class="soft">It keeps this for three years at most, or until an admin takes it out: <code>tintype app uninstall</code>.</p><p class="soft">Your answer goes to <code>${escapeHtml(request.redirectUri.split('?')[0] as string)}</code></p>
<div class="buttons"><button class="main" type="submit" name="decision" value="allow">Allow</button><button type="submit" name="decision" value="deny" formnovalidate>Deny</button></div></section></form>`,
  )
}

function toChoice({ id, name, address }: Choice): string {
  const where = address === '' ? '' : ` <small>${escapeHtml(address)}</small>`
  return `<label class="choice"><input type="radio" name="target" value="${escapeHtml(id)}" required><span>${escapeHtml(name)}${where}</span></label>`
}

const isSearched = ({ more, find }: ConsentView) => more || find !== ''

/** Forms do not nest: this one stands before the other, and its field and button, inside the other, belong to it by its id. */
function searchForm(form: PageForm, view: ConsentView): string {
  if (!isSearched(view)) return ''
  const hidden = view.sent.map(([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`)
  return `<form id="search" method="get" action="${escapeHtml(form.action.split('?')[0] as string)}">${hidden.join('')}</form>`
}

function searchField(view: ConsentView): string {
  if (!isSearched(view)) return ''
  return `<div class="search"><label class="field">Search sub-accounts <input type="search" name="find" value="${escapeHtml(view.find)}" maxlength="200" form="search"></label><button type="submit" form="search">Search</button></div>`
}

function afterChoices({ choices, more, find }: ConsentView): string {
  if (more) return `<p class="soft">These are the first ${choices.length}. Search for the one you mean.</p>`
  return find !== '' && choices.length === 0 ? `<p class="soft">No sub-account has “${escapeHtml(find)}” in its name.</p>` : ''
}

/** What scopes allow, in words: a line for each noun, with its parts. The scopes themselves are there for whoever wants them. */
function toRights(scopes: readonly string[]): string {
  const lines = [...Map.groupBy(scopes, (scope) => /^\w+/.exec(scope)?.[0] ?? scope)].map(([noun, held]) => {
    const verbs = [held.some((scope) => scope.endsWith('.readonly')) ? 'read' : '', held.some((scope) => !scope.endsWith('.readonly')) ? 'change' : '']
    const parts = [...new Set(held.flatMap((scope) => /^\w+\/(.+)\.\w+$/.exec(scope)?.[1] ?? []))].map(toWords)
    const [whole, list] = [held.some((scope) => !scope.includes('/')), parts.join(', ')]
    const detail = list === '' ? '' : ` <small>${escapeHtml(whole ? `with ${list}` : `only ${list}`)}</small>`
    return `<li><strong>${escapeHtml(NOUNS[noun] ?? toTitle(toWords(noun)))}</strong> <span>${verbs.filter((verb) => verb !== '').join(' and ')}</span>${detail}</li>`
  })
  const exact = scopes.map((scope) => `<li><code>${escapeHtml(scope)}</code></li>`).join('')
  return `<ul class="rights">${lines.join('')}</ul><details><summary>The exact scopes (${scopes.length})</summary><ul>${exact}</ul></details>`
}

/** Nouns of scopes that say too little by themselves. */
const NOUNS: Record<string, string> = { emails: 'E-mail templates', links: 'Trigger links', locations: 'Sub-accounts', oauth: 'Its own installs and tokens' }

/** `customFields` is "custom fields", `check-slug` is "check slug". */
const toWords = (name: string) => name.replace(/([a-z])([A-Z])/g, (_, end, begin) => `${end} ${begin.toLowerCase()}`).replaceAll(/[-/]/g, ' ')

const toTitle = (words: string) => words.charAt(0).toUpperCase() + words.slice(1)

/** `back`: the address of the app, where it is known to be its own. */
export function toRefusalPage(message: string, back?: string): string {
  const way = back === undefined ? 'Go back to the app and try again.' : `<a href="${escapeHtml(back)}">Go back to ${escapeHtml(placeOf(back))}</a>`
  return frame('Access', `<h1>This cannot go on</h1><p>${escapeHtml(message)}</p><p class="soft">${way}</p>`)
}

/** Of an app's own scheme there is only the scheme. */
const placeOf = (address: string) => new URL(address).host || new URL(address).protocol
