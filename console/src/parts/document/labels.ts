const SHORT: Readonly<Record<string, string>> = { url: 'URL', sms: 'SMS', dnd: 'do not disturb' }

/** `showInFunnel` -> `Show in funnel`. */
export function labelOf(name: string): string {
  const words = name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase()
  const text = words
    .replace(/ ids?$/, (end) => (end === ' ids' ? 's' : ''))
    .replace(/\b(url|sms|dnd)\b/g, (word) => SHORT[word] ?? word)
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** Where something stands in a document: `onSubmit.action` -> `On submit › Action`, `steps[0].body` -> `Steps 1 › Body`. */
export function pathText(path: string): string {
  const parts: string[] = []
  for (const [, inBrackets, name] of path.matchAll(/\[([^\]]*)\]|([^.[\]]+)/g))
    if (name !== undefined) parts.push(labelOf(name))
    else
      parts.push(`${parts.pop() ?? ''} ${/^\d+$/.test(inBrackets ?? '') ? Number(inBrackets) + 1 : inBrackets}`.trim())
  return parts.join(' › ')
}
