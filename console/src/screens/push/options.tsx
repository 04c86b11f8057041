import { Group, Select, Text } from '@mantine/core'
import { POLICIES } from './address.ts'
import { texts } from './texts.ts'
import type { PartProps } from './what.tsx'

const words = texts.how

/** What becomes of what both sides changed, and of what left the snapshot. */
export function Options({ state: { policy = 'merge', deletions }, onChange }: PartProps) {
  return (
    <Group gap="md" align="flex-start" component="section" aria-label={words.title}>
      <div style={{ width: 'min(100%, 340px)' }}>
        <Select
          label={words.policy}
          allowDeselect={false}
          value={policy}
          onChange={(next) => {
            const chosen = POLICIES.find((one) => one === next)
            onChange({ policy: chosen === 'merge' ? undefined : chosen })
          }}
          data={POLICIES.map((value) => ({ value, label: words.policies[value].label }))}
        />
        <Text size="xs" c="dimmed" mt={4}>
          {words.policies[policy].hint}
        </Text>
      </div>
      <Select
        label={words.deletions}
        w="min(100%, 300px)"
        allowDeselect={false}
        value={deletions ?? 'none'}
        onChange={(next) => onChange({ deletions: next === 'true' || next === 'all' ? next : undefined })}
        data={Object.entries(words.deletion).map(([value, label]) => ({ value, label }))}
      />
    </Group>
  )
}
