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

/** What somebody has changed of what was shown to them: what they were not shown is as it came. */
export function unmasked(changed: unknown, original: unknown): unknown {
  if (typeof changed !== 'object' || changed === null || typeof original !== 'object' || original === null)
    return changed
  if (Array.isArray(changed)) {
    // Of a list with more or fewer elements nobody knows which is which.
    const isSame = Array.isArray(original) && original.length === changed.length
    return isSame ? changed.map((one, at) => unmasked(one, original[at])) : changed
  }
  const came = original as Record<string, unknown>
  return Object.fromEntries(
    Object.entries(changed).map(([name, inner]) => [
      name,
      inner === MASK && SECRET.test(name) && Object.hasOwn(came, name) ? came[name] : unmasked(inner, came[name]),
    ]),
  )
}
