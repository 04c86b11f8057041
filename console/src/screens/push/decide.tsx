import { Group, SegmentedControl, Text } from '@mantine/core'
import { pathText } from '../../parts/document/labels.ts'
import { collidingIn } from '../../parts/plan/collisions.ts'
import type { PlanGroup } from '../../parts/push-words.ts'
import { decide, type Side, sideIn } from './decisions.ts'
import { texts } from './texts.ts'
import type { PartProps } from './what.tsx'

interface Props extends PartProps {
  group: PlanGroup
  /** One field of the conflict; undefined: all that collides. */
  path?: string
}

const LATER = 'later'
const words = texts.plan.decisions

/**
 * Decides a conflict, or one field of it, at once for all sub-accounts that have it: of what collides, and of nothing
 * else. The plan is made anew with the decision.
 */
export function Decide({ group, path, state, onChange }: Props) {
  if (group.conflict === undefined) return null
  const count = collidingIn(group).length
  // A single field is all that collides.
  if (path !== undefined && count < 2) return null
  const label =
    path !== undefined
      ? texts.plan.becomes(pathText(path))
      : count > 1
        ? texts.plan.decideAll(count)
        : texts.plan.decide
  const choose = (value: string) => {
    const take = value === LATER ? undefined : (value as Side)
    onChange({ decide: decide(state.decide, group, { take, ...(path === undefined ? {} : { path }) }) })
  }
  return (
    <Group gap="xs">
      {path === undefined && <Text size="sm">{label}:</Text>}
      <SegmentedControl
        size="xs"
        aria-label={label}
        value={sideIn(state.decide, group, path) ?? LATER}
        onChange={choose}
        data={[
          { value: LATER, label: words.later },
          { value: 'source', label: words.source },
          { value: 'target', label: words.target },
        ]}
      />
    </Group>
  )
}
