import { Accordion, Group, Skeleton, Stack, Text } from '@mantine/core'
import { byKind, kindWord } from '../kinds.ts'
import { MoreButton } from '../paged-table.tsx'
import { ACTIONS, type Action, type Plan } from '../push-words.ts'
import { reasonText } from '../reason.ts'
import { SearchField } from '../search-field.tsx'
import { Empty, Failure } from '../states.tsx'
import { Tone } from '../tone.tsx'
import { type PlanTarget, type ReadPlan, usePlanTargets } from './target-pages.ts'
import { texts } from './texts.ts'

const ORDER = Object.keys(ACTIONS) as Action[]

interface Props {
  plan: Plan
  find: string | undefined
  onFind: (text: string | undefined) => void
  read: ReadPlan
}

/** The same plan by sub-account, in the order of names: what would become of each asset there, and why. */
export function PlanTargets({ plan, find, onFind, read }: Props) {
  const { targets, isWhole, pages } = usePlanTargets(plan, { find, read })
  if (plan.targets.length === 0) return <Empty title={texts.nowhere} />
  return (
    <Stack gap="xs">
      <SearchField label={texts.find} value={find ?? ''} onChange={(text) => onFind(text || undefined)} />
      {!isWhole && pages.error ? (
        <Failure error={pages.error} onRetry={pages.refetch} />
      ) : !isWhole && pages.isPending ? (
        <Skeleton height={240} />
      ) : targets.length === 0 ? (
        <Empty title={texts.notFound} />
      ) : (
        <Accordion variant="separated" multiple>
          {targets.map((target) => (
            <OneTarget key={target.locationId} target={target} />
          ))}
        </Accordion>
      )}
      {!isWhole && <MoreButton pages={pages} label={texts.moreTargets} />}
    </Stack>
  )
}

function OneTarget({ target }: { target: PlanTarget }) {
  const assets = target.assets.toSorted(
    (one, other) => byKind(one.kind, other.kind) || one.name.localeCompare(other.name, 'en'),
  )
  return (
    <Accordion.Item value={target.locationId}>
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
          {assets.map((asset) => (
            <Group key={`${asset.kind}/${asset.lineage}`} gap="xs" align="baseline">
              <Tone tone={ACTIONS[asset.action].tone}>{ACTIONS[asset.action].label}</Tone>
              <Text size="sm">
                {kindWord(asset.kind)} <bdi>{asset.name}</bdi>
              </Text>
              {asset.reason && (
                <Text size="sm" c="dimmed" dir="auto">
                  {reasonText(asset.reason)}
                </Text>
              )}
            </Group>
          ))}
        </Stack>
      </Accordion.Panel>
    </Accordion.Item>
  )
}
