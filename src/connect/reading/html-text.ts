const HIDDEN = ['script', 'style', 'head', 'title', 'template']
const LINES = [
  'br',
  'p',
  'div',
  'tr',
  'li',
  'ul',
  'ol',
  'table',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'hr',
  'blockquote',
]
const ENTITIES: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  euro: '€',
  pound: '£',
  yen: '¥',
  ndash: '–',
  mdash: '—',
}

/**
 * The text of a mail's markup, with cells of a table apart by tabs, so that a label and its value stay in one line. Each
 * letter is looked at once, whatever is left open.
 */
export function textOfHtml(html: string): string {
  const lower = html.toLowerCase()
  const parts: string[] = []
  let at = 0
  while (at < html.length) {
    const open = html.indexOf('<', at)
    parts.push(html.slice(at, open === -1 ? html.length : open).replace(/\s+/g, ' '))
    const close = open === -1 ? -1 : html.indexOf('>', open)
    if (close === -1) break
    const [, slash, name = ''] = /^<(\/?)([a-z][a-z0-9]*)/.exec(lower.slice(open, open + 20)) ?? []
    at = close + 1
    if (HIDDEN.includes(name) && slash === '') {
      const end = lower.indexOf(`</${name}`, at)
      if (end === -1) break
      at = end
    } else if (LINES.includes(name)) parts.push('\n')
    else if (slash === '' && (name === 'td' || name === 'th')) parts.push('\t')
  }
  const text = parts
    .join('')
    .replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|[a-z]{2,6});/gi, (whole, entity) => decode(entity) ?? whole)
  return text
    .split('\n')
    .map((line) => line.trim())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

function decode(entity: string): string | null {
  if (!entity.startsWith('#')) return ENTITIES[entity.toLowerCase()] ?? null
  const code = /^#x/i.test(entity) ? Number.parseInt(entity.slice(2), 16) : Number(entity.slice(1))
  const isLetter = code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)
  return isLetter ? (code === 0xa0 ? ' ' : String.fromCodePoint(code)) : null
}
