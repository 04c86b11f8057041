import { createHash } from 'node:crypto'
import type { Admin } from '../auth/admins.ts'
import type { AccessRequest, Choice } from '../auth/authorisation.ts'
import { escapeHtml } from './reference-page.ts'

const STYLE = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
  body { margin: 8vh auto; max-width: 34rem; padding: 0 1.5rem }
  h1 { font-size: 1.5rem; margin: 0 0 .5rem }
  label { display: block; margin: .75rem 0 }
  label.choice { margin: 0; padding: .4rem 0; border-bottom: 1px solid #8883 }
  input:not([type=radio]):not([type=checkbox]) { box-sizing: border-box; display: block; width: 100%; font: inherit; padding: .5rem; border: 1px solid #8888; border-radius: .4rem }
  fieldset { border: 1px solid #8886; border-radius: .5rem; margin: 1rem 0; padding: .5rem 1rem; max-height: 40vh; overflow-y: auto }
  legend { padding: 0 .4rem; font-weight: 600 }
  small, .note { opacity: .75 }
  code { font-size: .85rem }
  ul { columns: 2; padding-left: 1.2rem }
  button { font: inherit; padding: .5rem 1.2rem; border: 1px solid #8888; border-radius: .4rem; cursor: pointer; margin-right: .5rem }
  button.main { background: #1f6f54; border-color: #1f6f54; color: #fff }
  button.link { border: 0; background: none; padding: 0; text-decoration: underline; color: inherit }
  :focus-visible { outline: 3px solid #4a90d9; outline-offset: 2px }
  .fault { border-left: 4px solid #c0392b; padding-left: .75rem }`

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64')

/** Own style, own forms, and after them the app's address: browsers hold a form's redirect to the policy too. */
export function policyOf(redirectUri: string | null): string {
  return `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action 'self'${redirectUri === null ? '' : ` ${sourceOf(new URL(redirectUri))}`}; base-uri 'none'; frame-ancestors 'none'`
}

/** A policy names no IPv6 addresses, and of an app's own scheme only the scheme. */
const sourceOf = (url: URL) => (['http:', 'https:'].includes(url.protocol) && !url.hostname.startsWith('[') ? url.origin : url.protocol)

const frame = (title: string, body: string) =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex"><title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body><main>${body}</main></body></html>`

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

const faultText = ({ fault }: PageForm) => (fault === undefined ? '' : `<p class="fault" role="alert">${escapeHtml(fault)}</p>`)

export function toSignInPage(form: PageForm, options: { appName: string; email: string }): string {
  return frame(
    'Sign in',
    `<h1>Sign in</h1><p><strong>${escapeHtml(options.appName)}</strong> asks for access. Sign in to decide.</p>${faultText(form)}
${open(form, 'sign-in')}
<label>E-mail <input type="email" name="email" value="${escapeHtml(options.email)}" autocomplete="username" maxlength="320" required autofocus></label>
<label>Password <input type="password" name="password" autocomplete="current-password" maxlength="1000" required></label>
<button class="main" type="submit">Sign in</button></form>`,
  )
}

export interface ConsentView {
  admin: Admin
  request: AccessRequest
  agencyName: string
  choices: readonly Choice[]
  /** There are more than are shown. */
  more: boolean
  find: string
  /** The query as it came, for the search form. */
  sent: Record<string, string>
}

export function toConsentPage(form: PageForm, view: ConsentView): string {
  const { admin, request } = view
  const { app } = request
  const places = view.choices.map(
    ({ id, name, address }) =>
      `<label class="choice"><input type="radio" name="target" value="${escapeHtml(id)}" required> ${escapeHtml(name)} <small>${escapeHtml(address)}</small></label>`,
  )
  return frame(
    `Allow ${app.name}?`,
    `<h1>Allow ${escapeHtml(app.name)}?</h1>
${open(form, 'sign-out')}<p class="note">Signed in as ${escapeHtml(admin.email)}. <button class="link" type="submit">Not you?</button></p></form>
${faultText(form)}${searchForm(form, view)}
${open(form, 'consent')}
<fieldset><legend>Where may it act?</legend>
<label class="choice"><input type="radio" name="target" value="agency" required> ${escapeHtml(view.agencyName)} <small>the agency and all of its sub-accounts</small></label>
${places.join('\n')}
</fieldset>
${view.more ? '<p class="note">There are more sub-accounts. Search for the one you mean.</p>' : ''}
<label><input type="checkbox" name="future" value="yes"> For the agency: sub-accounts made later are included</label>
<fieldset><legend>What may it do?</legend><ul>${request.scopes.map((scope) => `<li><code>${escapeHtml(scope)}</code></li>`).join('')}</ul></fieldset>
<p class="note">Your answer is sent to <code>${escapeHtml(addressOf(request.redirectUri))}</code>.</p>
<button class="main" type="submit" name="decision" value="allow">Allow</button><button type="submit" name="decision" value="deny" formnovalidate>Deny</button></form>`,
  )
}

const addressOf = (redirectUri: string) => redirectUri.split('?')[0] as string

function searchForm(form: PageForm, { more, find, sent }: ConsentView): string {
  if (!more && find === '') return ''
  const hidden = Object.entries(sent).map(([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`)
  return `<form method="get" action="${escapeHtml(form.action.split('?')[0] as string)}">${hidden.join('')}<label>Search sub-accounts <input type="search" name="find" value="${escapeHtml(find)}" maxlength="200"></label></form>`
}

export function toRefusalPage(message: string): string {
  return frame('Access', `<h1>This cannot go on</h1><p>${escapeHtml(message)}</p><p class="note">Go back to the app and try again.</p>`)
}
