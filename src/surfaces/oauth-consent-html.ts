import { escapeHtml } from './html.ts'
import {
  afterChoices,
  type ConsentView,
  faultText,
  frame,
  isSearched,
  open,
  type PageForm,
  searchField,
  toChoice,
  toTitle,
  toWords,
} from './oauth-page-html.ts'

export function toConsentPage(form: PageForm, view: ConsentView): string {
  const { person, request } = view
  const name = escapeHtml(request.app.name)
  return frame(
    `${form.fault === undefined ? '' : 'Error: '}Allow ${request.app.name}?`,
    `<h1>Allow ${name}?</h1><p>${view.owner === null ? 'An app of your own agency.' : `An app of <strong>${escapeHtml(view.owner)}</strong>, another agency.`}</p>
${open(form, 'sign-out')}<p class="soft">Signed in as ${escapeHtml(person.email)}. <button class="link" type="submit">Not you?</button></p></form>
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

/**
 * Forms do not nest: this one stands before the other, and its field and button, inside the other, belong to it by its
 * id.
 */
function searchForm(form: PageForm, view: ConsentView): string {
  if (!isSearched(view)) return ''
  const hidden = view.sent.map(
    ([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`,
  )
  return `<form id="search" method="get" action="${escapeHtml(form.action.split('?')[0] as string)}">${hidden.join('')}</form>`
}

/**
 * What scopes allow, in words: a line for each noun, with its parts. The scopes themselves are there for whoever wants
 * them.
 */
function toRights(scopes: readonly string[]): string {
  const lines = [...Map.groupBy(scopes, (scope) => /^\w+/.exec(scope)?.[0] ?? scope)].map(([noun, held]) => {
    const verbs = [
      held.some((scope) => scope.endsWith('.readonly')) ? 'read' : '',
      held.some((scope) => !scope.endsWith('.readonly')) ? 'change' : '',
    ]
    const parts = [...new Set(held.flatMap((scope) => /^\w+\/(.+)\.\w+$/.exec(scope)?.[1] ?? []))].map(toWords)
    const [whole, list] = [held.some((scope) => !scope.includes('/')), parts.join(', ')]
    const detail = list === '' ? '' : ` <small>${escapeHtml(whole ? `with ${list}` : `only ${list}`)}</small>`
    return `<li><strong>${escapeHtml(NOUNS[noun] ?? toTitle(toWords(noun)))}</strong> <span>${verbs.filter((verb) => verb !== '').join(' and ')}</span>${detail}</li>`
  })
  const exact = scopes.map((scope) => `<li><code>${escapeHtml(scope)}</code></li>`).join('')
  return `<ul class="rights">${lines.join('')}</ul><details><summary>The exact scopes (${scopes.length})</summary><ul>${exact}</ul></details>`
}

/** Nouns of scopes that say too little by themselves. */
const NOUNS: Record<string, string> = {
  emails: 'E-mail templates',
  links: 'Trigger links',
  locations: 'Sub-accounts',
  oauth: 'Its own installs and tokens',
}
