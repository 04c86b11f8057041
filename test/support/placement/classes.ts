/** How far a statement narrows down the location of a table: to one, to some that it lists, or not by itself. */
export type Pin = 'one' | 'some' | null

/** Something that stands for locations in a statement: a column of a table, or what is equal to it. */
export interface Mark {
  parent: Mark | null
  pin: Pin
}

export const newMark = (): Mark => ({ parent: null, pin: null })

export function classOf(mark: Mark): Mark {
  let root = mark
  while (root.parent !== null) root = root.parent
  return root
}

export const pinOf = (mark: Mark): Pin => classOf(mark).pin

const closer = (a: Pin, b: Pin): Pin => (a === 'one' || b === 'one' ? 'one' : (a ?? b))

export function pin(mark: Mark, how: Pin): void {
  const root = classOf(mark)
  root.pin = closer(root.pin, how)
}

/** Both are the same location. */
export function unite(a: Mark, b: Mark): void {
  const [one, other] = [classOf(a), classOf(b)]
  if (one === other) return
  other.parent = one
  one.pin = closer(one.pin, other.pin)
}
