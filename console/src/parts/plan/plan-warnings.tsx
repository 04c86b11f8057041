import { Stack, Text } from '@mantine/core'
import { kindWord } from '../kinds.ts'
import { counted, type Plan } from '../push-words.ts'
import { Empty } from '../states.tsx'
import { texts } from './texts.ts'

/** What a plan warns of: in the sub-accounts, and in the snapshot itself. */
export function PlanWarnings({ plan }: { plan: Plan }) {
  const warnings = plan.targets.flatMap(({ locationName, warnings: all }) =>
    all.map((warning) => ({ ...warning, locationName })),
  )
  // The same warning in many places is one.
  const groups = [...Map.groupBy(warnings, ({ kind, lineage, why }) => JSON.stringify([kind, lineage, why]))]
  if (groups.length === 0 && plan.brokenReferences.length === 0) return <Empty title={texts.noWarning} />
  return (
    <Stack gap="xs">
      {groups.map(([key, members]) => {
        const { kind, name, why } = members[0] as (typeof members)[number]
        const records = members.reduce((sum, { records: one }) => sum + (one?.count ?? 0), 0)
        return (
          <Text key={key} size="sm">
            {kindWord(kind)} <b dir="auto">{name}</b>: <bdi>{why}</bdi>
            {records > 0 && ` (${counted(records, 'record')})`}{' '}
            <Text span c="dimmed">
              {counted(members.length, 'sub-account')}
            </Text>
          </Text>
        )
      })}
      {plan.after !== null && (
        <Text size="sm" c="dimmed">
          {texts.cut}
        </Text>
      )}
      {plan.brokenReferences.map(({ kind, lineage, name, reference, missingName }) => (
        <Text key={`${kind}/${lineage}/${reference}`} size="sm">
          {kindWord(kind)} <b dir="auto">{name}</b>
          {texts.refers}
          <bdi>{missingName ?? reference}</bdi>
          {texts.notHeld}
        </Text>
      ))}
    </Stack>
  )
}
