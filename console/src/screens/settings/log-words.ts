import type { Output } from '../../api/call.ts'
import { texts } from './texts.ts'

export type Told = Output<'access.events'>['events'][number]
type Subject = Told['about'][number]

const words = texts.log

/** What was done, in words; what has none goes by its name. */
export const deedOf = ({ title, event }: Told): string => title ?? event

export const whoOf = ({ who, whoName, address }: Told): string => {
  if (whoName !== null) return whoName
  if (who === null) return address === '' ? words.itself : words.somebody
  return who.startsWith(words.commandLine) ? who : words.gone
}

/** One of what it was done to: `Token Reporting`, `Role Viewer`. */
export const subjectOf = ({ what, id, name }: Subject): string => {
  const called = what === 'role' ? (texts.roles as Record<string, { label: string }>)[name ?? '']?.label : name
  const word = words.subjects[what]
  return called ? `${word} ${called}` : id === null ? word : `${word} ${words.unnamed}`
}

/** What it was done to; of a refusal why not, and how often. */
export const restOf = ({ outcome, about, detail, repeats }: Told): string =>
  [
    ...(outcome === 'refused' && detail !== null ? [detail] : []),
    ...about.filter(({ name }) => name !== null).map(subjectOf),
    ...(repeats > 0 ? [words.times(repeats + 1)] : []),
  ].join(' · ')
