const TITLES = /^(?:(?:mr|mrs|ms|miss|mx|dr|prof|sir|herr|frau|mme|m)\.?\s+)+(?=\S)/i
const SUFFIX = /,?\s+(?:jr|sr|ii|iii|iv|md|phd|esq)\.?$/i
const PARTICLES = /^(?:van|von|der|den|de|da|di|do|dos|del|della|du|la|le|el|al|bin|ben|ibn|ter|ten|zu|st\.?)$/i

/**
 * First and last name of a full one: `Ada Lovelace`, `Lovelace, Ada`, `Dr. Vincent van Gogh`. One word is a first name.
 */
export function splitName(text: string): { first: string; last: string } {
  const whole = text.replace(/\s+/g, ' ').trim()
  const suffix = SUFFIX.exec(whole)?.[0] ?? ''
  const bare = whole.slice(0, whole.length - suffix.length).replace(TITLES, '')
  const [before, behind, ...more] = bare.split(',').map((part) => part.trim())
  if (behind && before && more.length === 0) return { first: behind.replace(TITLES, ''), last: before + suffix }
  const words = bare.split(' ')
  if (words.length === 1) return { first: bare, last: '' }
  let start = words.length - 1
  while (start > 1 && PARTICLES.test(words[start - 1] as string)) start--
  return { first: words.slice(0, start).join(' '), last: words.slice(start).join(' ') + suffix }
}
