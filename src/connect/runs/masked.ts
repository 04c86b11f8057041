const SECRET =
  /pass(word|phrase|code)?$|secret|token|authori[sz]ation|api.?key|credential|private.?key|^pin$|cvc|cvv|card.?number|iban|ssn|social.?security/i
const MASK = '••••'

/** What came, without what opens something or is nobody's to read: by the names of its fields. */
export function masked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(masked)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      SECRET.test(name) && inner !== null && typeof inner !== 'object' ? MASK : masked(inner),
    ]),
  )
}
