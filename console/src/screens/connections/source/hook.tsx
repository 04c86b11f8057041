import { Group, Select, Stack, Text, TextInput } from '@mantine/core'
import targets from '../../../api/connection-targets.json' with { type: 'json' }
import { isSame } from '../../../parts/document/editors.ts'
import type { Definition } from '../standing.tsx'
import { texts } from './texts.ts'

const words = texts.hook
type Source = Definition['source']
type Rule = NonNullable<Source['verify']>
type Kind = keyof typeof words.kinds

const RULES = targets.signatures as unknown as Partial<Record<Kind, Rule>>

export function kindOf(rule: Rule | undefined): Kind {
  if (rule === undefined) return 'address'
  const known = Object.entries(RULES).find(([, one]) => isSame(one, rule))
  return (known?.[0] as Kind | undefined) ?? 'own'
}

const OWN: Rule = { kind: 'hmac', algorithm: 'sha256', header: 'x-signature', encoding: 'hex' }

interface Props {
  source: Source
  onChange: (source: Source) => void
}

/** By what it is known that a message is from the other program. */
export function HookForm({ source, onChange }: Props) {
  const { verify } = source
  const kind = kindOf(verify)
  const set = (rule: Rule) => onChange({ ...source, verify: rule })
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {words.lead}
      </Text>
      <Select
        label={words.who}
        allowDeselect={false}
        data={Object.entries(words.kinds).map(([value, label]) => ({ value, label }))}
        value={kind}
        onChange={(next) => next !== kind && set(RULES[next as Kind] ?? OWN)}
      />
      {kind === 'own' && verify?.kind === 'hmac' && <OwnRule rule={verify} onChange={set} />}
      {kind === 'own' && verify?.kind === 'ed25519' && <Text size="sm">{words.otherOwn}</Text>}
      <TextInput
        label={texts.items}
        description={texts.itemsHint}
        dir="ltr"
        value={source.items ?? ''}
        onChange={(event) => {
          const { items: _, ...rest } = source
          const path = event.currentTarget.value.trim()
          onChange(path === '' ? rest : { ...rest, items: path })
        }}
      />
    </Stack>
  )
}

type Hmac = Extract<Rule, { kind: 'hmac' }>

function OwnRule({ rule, onChange }: { rule: Hmac; onChange: (rule: Rule) => void }) {
  const { prefix = '', ...rest } = rule
  return (
    <Group align="flex-start" gap="xs">
      <TextInput
        label={words.header}
        dir="ltr"
        value={rule.header}
        error={rule.header === '' ? words.headerFault : null}
        onChange={(event) => onChange({ ...rule, header: event.currentTarget.value.trim() })}
      />
      <Select
        label={words.algorithm}
        allowDeselect={false}
        data={['sha256', 'sha512', 'sha1']}
        value={rule.algorithm}
        onChange={(next) => onChange({ ...rule, algorithm: (next ?? 'sha256') as Hmac['algorithm'] })}
      />
      <Select
        label={words.encoding}
        allowDeselect={false}
        data={['hex', 'base64', 'base64url']}
        value={rule.encoding}
        onChange={(next) => onChange({ ...rule, encoding: (next ?? 'hex') as Hmac['encoding'] })}
      />
      <TextInput
        label={words.prefix}
        dir="ltr"
        value={prefix}
        onChange={(event) => {
          const next = event.currentTarget.value
          onChange(next === '' ? rest : { ...rest, prefix: next })
        }}
      />
    </Group>
  )
}
