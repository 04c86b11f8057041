import { Alert, Badge, Group, Stack, Tabs, Text, Title } from '@mantine/core'
import { type ReactNode, useEffect, useMemo, useRef } from 'react'
import { AssetList } from '../asset-list.tsx'
import { FieldDiffs } from '../field-diff.tsx'
import { Filters } from '../filters.tsx'
import { kindWord } from '../kinds.ts'
import { ACTIONS, type Action, counted, type Plan, type PlanGroup } from '../push-words.ts'
import { reasonText } from '../reason.ts'
import { Empty, Hint } from '../states.tsx'
import { Tone } from '../tone.tsx'
import { type Collision, partsOf } from './collisions.ts'
import classes from './plan.module.css'
import { PlanTargets } from './plan-targets.tsx'
import { PlanWarnings } from './plan-warnings.tsx'
import type { ReadPlan } from './target-pages.ts'
import { texts } from './texts.ts'

const TABS = ['groups', 'targets', 'warnings'] as const
type Tab = (typeof TABS)[number]

interface State {
  tab?: Tab | undefined
  action?: string | undefined
  asset?: string | undefined
  find?: string | undefined
}

interface Props {
  plan: Plan
  title: string
  /** What of the plan is looked at: it stands in the address. */
  state: State
  onChange: (patch: State, mode?: 'push') => void
  /** Of this plan, where it is longer than what is here, or of some of its sub-accounts. */
  read: ReadPlan
  /** What its actions mean where that is not what they mean in a push. */
  meanings?: Readonly<Partial<Record<Action, string>>>
  /** What can be decided about a change, and (with a path) about one of its fields. */
  decide?: (group: PlanGroup, path?: string) => ReactNode
}

const ORDER = Object.keys(ACTIONS) as Action[]
const SIGNS: Readonly<Record<Action, string>> = {
  conflict: '!',
  ambiguous: '?',
  create: '+',
  update: '~',
  merge: '⇄',
  delete: '−',
  release: '↩',
  keep: '=',
  skip: '/',
  unchanged: '·',
}

/** What a push or a roll-back would do: equal changes once, by sub-account, and what to be warned of. */
export function PlanView({ plan, title, state, onChange, read, meanings = {}, decide }: Props) {
  const { tab = 'groups', action } = state
  const warnings = plan.targets.reduce((sum, target) => sum + target.warnings.length, plan.brokenReferences.length)
  const hasChanges = plan.groups.length > 0
  return (
    <Stack gap="sm">
      <Group gap="md">
        <Title order={2} size="h4">
          {title}
        </Title>
        {ORDER.map((one) => {
          const count = plan.totals[one] ?? 0
          return (
            count > 0 && (
              <Tone key={one} tone={ACTIONS[one].tone} hint={meanings[one] ?? ACTIONS[one].meaning}>
                {ACTIONS[one].label} <b className="tabular">{count.toLocaleString('en')}</b>
              </Tone>
            )
          )
        })}
      </Group>
      <Tabs
        value={tab}
        onChange={(next) => onChange({ tab: TABS.find((one) => one === next) }, 'push')}
        keepMounted={false}
      >
        <Tabs.List>
          <Tabs.Tab value="groups">{texts.tabs.groups}</Tabs.Tab>
          <Tabs.Tab value="targets">{texts.tabs.targets}</Tabs.Tab>
          <Tabs.Tab
            value="warnings"
            rightSection={
              warnings > 0 && (
                <Badge size="sm" circle color="orange.9">
                  {warnings}
                </Badge>
              )
            }
          >
            {texts.tabs.warnings}
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="groups" pt="sm">
          {hasChanges ? (
            <Groups
              plan={plan}
              action={action}
              asset={state.asset}
              onChange={onChange}
              meanings={meanings}
              decide={decide}
            />
          ) : (
            <Empty title={texts.nothing}>{texts.nothingHint}</Empty>
          )}
        </Tabs.Panel>
        <Tabs.Panel value="targets" pt="sm">
          <PlanTargets plan={plan} find={state.find} onFind={(find) => onChange({ find })} read={read} />
        </Tabs.Panel>
        <Tabs.Panel value="warnings" pt="sm">
          <PlanWarnings plan={plan} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  )
}

interface GroupsProps extends Pick<Props, 'plan' | 'onChange' | 'meanings' | 'decide'> {
  action: string | undefined
  asset: string | undefined
}

function Groups({ plan, action, asset, onChange, meanings, decide }: GroupsProps) {
  const shown = useMemo(
    () =>
      plan.groups
        .filter((group) => action === undefined || group.action === action)
        .toSorted((one, other) => ORDER.indexOf(one.action) - ORDER.indexOf(other.action))
        .map((group) => ({
          key: group.key,
          kind: group.kind,
          name: group.name,
          mark: { sign: SIGNS[group.action], meaning: ACTIONS[group.action].label, tone: ACTIONS[group.action].tone },
          note: `${group.locations}×`,
        })),
    [plan.groups, action],
  )
  const counts = Map.groupBy(plan.groups, (group) => group.action)
  const chosen = useChosen(plan, asset, onChange)
  return (
    <div className={classes.halves}>
      <Stack gap="xs" style={{ minWidth: 0 }}>
        <Filters
          label={texts.actions}
          all={texts.all(plan.groups.length)}
          value={action}
          onChange={(next) => onChange({ action: next })}
          options={ORDER.map((one) => ({ value: one, label: ACTIONS[one].label, count: counts.get(one)?.length ?? 0 }))}
        />
        <AssetList label={texts.changes} assets={shown} chosen={asset} onChoose={(key) => onChange({ asset: key })} />
        {plan.ungrouped > 0 && (
          <Text size="sm" c="dimmed">
            {texts.ungrouped(plan.ungrouped)}
          </Text>
        )}
      </Stack>
      {chosen === undefined ? (
        <Hint>{texts.choose}</Hint>
      ) : (
        <Change group={chosen} meanings={meanings} decide={decide} />
      )}
    </div>
  )
}

/** The change that is looked at. Decided, it becomes another one in the plan that is made then: it stays in sight. */
function useChosen({ groups }: Plan, key: string | undefined, onChange: Props['onChange']): PlanGroup | undefined {
  const last = useRef<PlanGroup>(undefined)
  const found = groups.find((group) => group.key === key)
  if (found !== undefined) last.current = found
  const was = last.current
  const next =
    found === undefined && was !== undefined && was.key === key
      ? groups.find(
          ({ kind, lineage, sampleNames, conflict }) =>
            kind === was.kind &&
            lineage === was.lineage &&
            conflict === was.conflict &&
            sampleNames.some((name) => was.sampleNames.includes(name)),
        )
      : undefined
  useEffect(() => {
    if (next !== undefined) onChange({ asset: next.key })
  }, [next, onChange])
  return found ?? next
}

const NAMES_SHOWN = 5

function Change({ group, meanings, decide }: Pick<Props, 'meanings' | 'decide'> & { group: PlanGroup }) {
  const { label, tone } = ACTIONS[group.action]
  const meaning = meanings?.[group.action] ?? ACTIONS[group.action].meaning
  const rest = group.locations - Math.min(NAMES_SHOWN, group.sampleNames.length)
  const { collisions, written } = partsOf(group)
  return (
    <Stack gap="sm" component="article" aria-label={group.name} style={{ minWidth: 0 }}>
      <div>
        <Text size="xs" c="dimmed">
          {kindWord(group.kind)}
        </Text>
        <Title order={3} size="h4" dir="auto">
          {group.name}
        </Title>
        <Tone tone={tone}>{label}</Tone>
        <Text size="sm" c="dimmed">
          {meaning} {counted(group.locations, 'sub-account')}:{' '}
          <bdi>{group.sampleNames.slice(0, NAMES_SHOWN).join(', ')}</bdi>
          {rest > 0 && texts.more(rest)}.
        </Text>
      </div>
      {group.reason && (
        <Alert variant="outline" color="gray" p="xs">
          <Text size="sm" dir="auto">
            {reasonText(group.reason)}
          </Text>
        </Alert>
      )}
      {decide?.(group)}
      {collisions.map((field) => (
        <Stack key={field.path} gap={4}>
          <FieldDiffs fields={[toField(field)]} sides={texts.collides} />
          {field.why === undefined && decide?.(group, field.path)}
        </Stack>
      ))}
      {collisions.length > 0 && written.length > 0 && <Text size="sm">{texts.besides}</Text>}
      <FieldDiffs fields={written} sides={texts.sides} />
    </Stack>
  )
}

/** The sub-account's side and the snapshot's, as the two sides of a difference. */
function toField({ path, target, source }: Collision) {
  const [hasTarget, hasSource] = [target !== undefined, source !== undefined]
  return { path, ...(hasTarget ? { before: target } : {}), ...(hasSource ? { after: source } : {}) }
}
