import type { RecordDocument } from '../store/records/index.ts'
import { BAG, type Place } from './property.ts'

/**
 * A choice of ours that the wire spells otherwise, and may divide more finely: what is told apart there alone stands in
 * the bag, and counts for as long as the field still has the value that it means.
 */
export function spelled(
  name: string,
  path: readonly [field: string] | readonly [field: string, part: string],
  words: {
    /** Of ours: what the wire shows of it. Others are shown as they are. */
    shown: Readonly<Record<string, string>>
    /** Of the wire's: what it becomes here. */
    means: Readonly<Record<string, string>>
  },
): Place {
  const [field, part] = path
  const { shown, means } = words
  const shownOf = (value: string) => shown[value] ?? value
  const stored = part === undefined ? `doc->>'${field}'` : `doc->'${field}'->>'${part}'`
  const said = `doc->'${BAG}'->>'${name}'`
  return {
    in: 'rule',
    fields: [field, BAG],
    rule: {
      expression:
        `case when (${choiceOf(said, means)}) = ${stored} then ${said} ` +
        `else coalesce(${choiceOf(stored, shown)}, ${stored}) end`,
      read(document) {
        const [value, word] = [valueIn(document, path), saidIn(document, name)]
        // A change may have touched the bag alone.
        if (value === undefined) return word ?? null
        return word !== undefined && means[word] === value ? word : shownOf(value)
      },
      write(document, text) {
        const before = valueIn(document, path)
        const value =
          text === null ? undefined : before !== undefined && shownOf(before) === text ? before : means[text]
        const { [name]: _, ...others } = (document[BAG] ?? {}) as RecordDocument
        const bag =
          text === null || value === undefined || shownOf(value) === text ? others : { ...others, [name]: text }
        return { ...withValue(document, path, value), [BAG]: Object.keys(bag).length === 0 ? null : bag }
      },
    },
  }
}

const saidIn = (document: RecordDocument, name: string) => (document[BAG] as Record<string, string> | undefined)?.[name]

function valueIn(document: RecordDocument, [field, part]: readonly [string] | readonly [string, string]) {
  const value = document[field]
  return (part === undefined ? value : (value as RecordDocument | undefined)?.[part]) as string | undefined
}

function withValue(
  document: RecordDocument,
  [field, part]: readonly [string] | readonly [string, string],
  value: unknown,
): RecordDocument {
  if (part === undefined) return { [field]: value ?? null }
  const { [part]: _, ...others } = (document[field] ?? {}) as RecordDocument
  return { [field]: value === undefined ? others : { ...others, [part]: value } }
}

/** Words come from code. */
const choiceOf = (text: string, words: Readonly<Record<string, string>>) =>
  `case ${text}${Object.entries(words)
    .map(([word, other]) => ` when '${word}' then '${other}'`)
    .join('')} end`
