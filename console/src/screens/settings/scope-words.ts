import { labelOf } from '../../parts/document/labels.ts'

/** Why scopes end as they do. */
const RIGHTS: Readonly<Record<string, string>> = { readonly: 'read', read: 'read', write: 'read and change' }
/** What the first word of a scope stands for, where people call it otherwise. */
const PLACES: Readonly<Record<string, string>> = {
  locations: 'Sub-accounts',
  companies: 'Agency',
  links: 'Trigger links',
  oauth: 'Access of apps',
  'crm.objects': 'CRM objects',
  'crm.schemas': 'CRM schemas',
  'developer.webhooks_journal': 'Journal',
}

/** `locations/customFields.readonly` -> `Sub-accounts, custom fields: read`. */
export function scopeText(scope: string): string {
  const [, what = scope, right = ''] = /^(.+)\.(\w+)$/.exec(scope) ?? []
  const place = Object.keys(PLACES).find(
    (one) => what === one || what.startsWith(`${one}.`) || what.startsWith(`${one}/`),
  )
  const [first = '', ...rest] = [
    ...(place === undefined ? [] : [PLACES[place]]),
    ...what
      .slice(place?.length ?? 0)
      .split(/[./]/)
      .filter(Boolean)
      .map((part) => labelOf(part.replaceAll('-', ' '))),
  ]
  const subject = [first, ...rest.map((part) => part?.toLowerCase())].join(', ')
  return `${subject}: ${RIGHTS[right] ?? labelOf(right).toLowerCase()}`
}

/** For a field that scopes are chosen in: found by their words, and by what programs call them. */
export const scopeOptions = (scopes: readonly string[]) =>
  scopes.map((value) => ({ value, label: `${scopeText(value)} (${value})` }))
