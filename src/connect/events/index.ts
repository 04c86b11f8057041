import { conversationEvents } from './conversations.ts'
import { dealEvents } from './deals.ts'
import type { EventType } from './event-type.ts'
import { kindOfLife, lifeEvents } from './lives.ts'
import { objectEvents } from './objects.ts'
import { peopleEvents } from './people.ts'
import { sampleBody } from './samples.ts'

export type { Change, EventType, Known } from './event-type.ts'

const EVENTS: readonly EventType[] = [
  ...peopleEvents,
  ...dealEvents,
  ...conversationEvents,
  ...objectEvents,
  ...lifeEvents,
]

/** What an endpoint is told when somebody tries it. */
export const TEST_EVENT = 'WebhookTest'

/** Everything an endpoint can ask for. */
export const EVENT_TYPES: readonly string[] = [...new Set(EVENTS.map(({ type }) => type))]

export const eventsOfKind: ReadonlyMap<string, readonly EventType[]> = Map.groupBy(EVENTS, ({ kind }) => kind)

/** Kinds that some event tells of. */
export const TOLD_KINDS: readonly string[] = [...eventsOfKind.keys()]

/** Scopes of which one is needed to read what an event tells; of a name that is none, null. */
export function scopesOf(type: string): readonly string[] | null {
  const found = EVENTS.filter((one) => one.type === type)
  return found.length === 0 ? null : found.flatMap(({ scopes }) => scopes)
}

/** What each event that a location's webhooks are told of looks like beside its type, which is the name here. */
export const eventSamples = (): Record<string, object> =>
  Object.fromEntries(
    EVENTS.filter(({ onlyApps }) => onlyApps !== true)
      .toReversed()
      .map((one) => [one.type, sampleBody(one)] as const)
      .toReversed(),
  )

export { kindOfLife }
