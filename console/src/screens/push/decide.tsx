import { Group, SegmentedControl, Text } from '@mantine/core'
import { assetKey } from '../../parts/asset-list.tsx'
import type { PlanGroup } from '../../parts/push-words.ts'
import { POLICIES, type Policy } from './address.ts'
import { texts } from './texts.ts'
import type { PartProps } from './what.tsx'

/** Decides a conflict at once for all sub-accounts that have it. The plan is made anew with the decision. */
export function Decide({ group, state, onChange }: PartProps & { group: PlanGroup }) {
  const key = assetKey(group)
  const { ours = [], theirs = [] } = state
  const decided: Policy = ours.includes(key) ? 'override' : theirs.includes(key) ? 'skip' : 'merge'
  if (group.action !== 'conflict' && decided === 'merge') return null
  const decide = (policy: Policy) => {
    const without = (keys: string[]) => keys.filter((one) => one !== key)
    const list = (keys: string[], isMeant: boolean) => {
      const next = isMeant ? [...without(keys), key] : without(keys)
      return next.length === 0 ? undefined : next
    }
    onChange({ ours: list(ours, policy === 'override'), theirs: list(theirs, policy === 'skip') })
  }
  return (
    <Group gap="xs">
      <Text size="sm">{texts.plan.decide}:</Text>
      <SegmentedControl
        size="xs"
        aria-label={texts.plan.decide}
        value={decided}
        onChange={decide}
        data={POLICIES.map((value) => ({ value, label: texts.plan.decisions[value] }))}
      />
    </Group>
  )
}
