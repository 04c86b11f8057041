import { pathText } from './document/labels.ts'
import { texts } from './texts.ts'

/** Names in brackets may hold a comma themselves. */
const BETWEEN = /, (?![^[]*\])/
const COLLIDES = /^(changed on both sides|differs from the target's own): (.*)$/s

/** Why something was decided so, as people read it: a plan and a push name the fields that collide by their paths. */
export function reasonText(reason: string): string {
  const [, why, paths = ''] = COLLIDES.exec(reason) ?? []
  if (why === undefined) return reason
  return texts.collide(paths.split(BETWEEN).map(pathText).join(', '), why === 'changed on both sides')
}
