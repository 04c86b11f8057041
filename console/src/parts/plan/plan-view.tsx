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
  /** Below a change: what can be decided about it. */
  below?: (group: PlanGroup) => ReactNode
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
export function PlanView({ plan, title, state, onChange, read, meanings = {}, below }: Props) {
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
              below={below}
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

interface GroupsProps extends Pick<Props, 'plan' | 'onChange' | 'meanings' | 'below'> {
  action: string | undefined
  asset: string | undefined
}

function Groups({ plan, action, asset, onChange, meanings, below }: GroupsProps) {
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
      {chosen === undefined ? <Hint>{texts.choose}</Hint> : <Change group={chosen} meanings={meanings} below={below} />}
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
          ({ kind, lineage, sampleNames }) =>
            kind === was.kind && lineage === was.lineage && sampleNames.some((name) => was.sampleNames.includes(name)),
        )
      : undefined
  useEffect(() => {
    if (next !== undefined) onChange({ asset: next.key })
  }, [next, onChange])
  return found ?? next
}

const NAMES_SHOWN = 5

function Change({ group, meanings, below }: Pick<Props, 'meanings' | 'below'> & { group: PlanGroup }) {
  const { label, tone } = ACTIONS[group.action]
  const meaning = meanings?.[group.action] ?? ACTIONS[group.action].meaning
  const rest = group.locations - Math.min(NAMES_SHOWN, group.sampleNames.length)
  const isConflict = group.action === 'conflict'
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
      {below?.(group)}
      <FieldDiffs
        fields={group.fields.map((field) => toField(field as Side))}
        sides={isConflict ? texts.collides : texts.sides}
      />
    </Stack>
  )
}

interface Side {
  path: string
  [name: string]: unknown
}

/** Of a conflict the two sides that collide; of all else what was and what would be. */
function toField(field: Side) {
  const { path, target, source, before = target, after = source } = field
  const [hasBefore, hasAfter] = [before !== undefined, after !== undefined]
  return { path, ...(hasBefore ? { before } : {}), ...(hasAfter ? { after } : {}) }
}
