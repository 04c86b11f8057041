import { Accordion, Group, Stack, Text } from '@mantine/core'
import { kindWord } from '../kinds.ts'
import { ACTIONS, type Action, type Plan } from '../push-words.ts'
import { Empty } from '../states.tsx'
import { Tone } from '../tone.tsx'
import { texts } from './texts.ts'

const ORDER = Object.keys(ACTIONS) as Action[]

/** The same plan by sub-account: what would become of each asset there, and why. */
export function PlanTargets({ plan }: { plan: Plan }) {
  if (plan.targets.length === 0) return <Empty title={texts.nowhere} />
  return (
    <Stack gap="xs">
      <Accordion variant="separated" multiple>
        {plan.targets.map((target) => (
          <Accordion.Item key={target.locationId} value={target.locationId}>
            <Accordion.Control>
              <Group gap="md">
                <Text size="sm" fw={500} dir="auto">
                  {target.locationName}
                </Text>
                {ORDER.map((action) => {
                  const count = target.totals[action] ?? 0
                  return (
                    count > 0 &&
                    action !== 'unchanged' && (
                      <Tone key={action} tone={ACTIONS[action].tone}>
                        {ACTIONS[action].label} {count}
                      </Tone>
                    )
                  )
                })}
              </Group>
            </Accordion.Control>
            <Accordion.Panel>
              <Stack gap={4}>
                {target.assets.map((asset) => (
                  <Group key={`${asset.kind}/${asset.lineage}`} gap="xs" align="baseline">
                    <Tone tone={ACTIONS[asset.action].tone}>{ACTIONS[asset.action].label}</Tone>
                    <Text size="sm">
                      {kindWord(asset.kind)} <bdi>{asset.name}</bdi>
                    </Text>
                    {asset.reason && (
                      <Text size="sm" c="dimmed" dir="auto">
                        {asset.reason}
                      </Text>
                    )}
                  </Group>
                ))}
              </Stack>
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
      {plan.after !== null && (
        <Text size="sm" c="dimmed">
          {texts.cut}
        </Text>
      )}
    </Stack>
  )
}
