const NAMES = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' })
const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']

const byName = new Map(
  LETTERS.flatMap((first) => LETTERS.map((second) => first + second)).flatMap((code) => {
    const name = NAMES.of(code)
    return name === undefined ? [] : [[name.toLowerCase(), code] as const]
  }),
)
/** How people write them besides. */
const OTHERWISE: Record<string, string> = {
  usa: 'US',
  'u.s.a.': 'US',
  'united states of america': 'US',
  uk: 'GB',
  'great britain': 'GB',
  england: 'GB',
  'czech republic': 'CZ',
  turkey: 'TR',
  'the netherlands': 'NL',
}

/** ISO 3166: of a name in English, or of a code in any case. Null: no country. */
export function codeOfCountry(text: string): string | null {
  const folded = text.trim().toLowerCase()
  const code = OTHERWISE[folded] ?? byName.get(folded)
  if (code !== undefined) return code
  return /^[a-z]{2}$/.test(folded) ? folded.toUpperCase() : null
}
