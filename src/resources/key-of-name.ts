import { createHash } from 'node:crypto'
import { naturalKey } from '../store/natural-key.ts'

/** Room for what stands around a key, and for what tells it from another (`apart`). */
const MOST_CHARACTERS = 200

/**
 * The key that HighLevel makes of a name: in lower case, nothing but a-z, 0-9, _ and blanks, each blank as one _. Of a
 * name of which nothing is left, as of one in Chinese, the key is one of its own: the same wherever the name is the same,
 * so that a push knows the field again. Letters in another shape (of full width, say) are the letters that they are.
 */
export function toKey(name: string): string {
  const letters = name.normalize('NFKC').trim().toLowerCase()
  const key = letters
    .replace(/[^a-z0-9_\s]/g, '')
    .replace(/\s/g, '_')
    .slice(0, MOST_CHARACTERS)
  return /^_*$/.test(key) ? apart('field', name) : key
}

/** A key like this one that no other name has. */
export const apart = (key: string, name: string): string =>
  `${key}_${createHash('sha256').update(naturalKey(name)).digest('hex').slice(0, 8)}`

/** `Wedding Date` of a contact is `contact.wedding_date`. */
export const toFieldKey = (model: string, key: string): string => `${model}.${key}`

/** CustomValueSchema.fieldKey: the merge tag. */
export const toMergeTag = (key: string): string => `{{ custom_values.${key} }}`
