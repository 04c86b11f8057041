/** What people write that no list of countries has. */
const OTHERS: Record<string, string> = {
  usa: 'US',
  'u.s.a.': 'US',
  'u.s.': 'US',
  'united states of america': 'US',
  america: 'US',
  uk: 'GB',
  'great britain': 'GB',
  england: 'GB',
  scotland: 'GB',
  wales: 'GB',
  'northern ireland': 'GB',
  holland: 'NL',
  'the netherlands': 'NL',
  'czech republic': 'CZ',
  turkey: 'TR',
}

let names: Map<string, string> | null = null

function loadNames(): Map<string, string> {
  const english = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' })
  const letters = Array.from({ length: 26 }, (_, at) => String.fromCharCode(65 + at))
  const found = new Map<string, string>()
  for (const code of letters.flatMap((one) => letters.map((two) => one + two))) {
    const name = english.of(code)?.toLowerCase()
    if (name !== undefined && !found.has(name)) found.set(name, code)
  }
  for (const [name, code] of Object.entries(OTHERS)) found.set(name, code)
  return found
}

/** Two letters of ISO 3166, by themselves or by the country's English name. Null: no country. */
export function readCountry(text: string): string | null {
  names ??= loadNames()
  const word = text.trim().toLowerCase()
  return names.get(word) ?? (/^[a-z]{2}$/.test(word) ? word.toUpperCase() : null)
}
