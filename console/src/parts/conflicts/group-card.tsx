import { Button, Card, Group, Radio, SegmentedControl, Stack, Text, Title } from '@mantine/core'
import { pathText } from '../document/labels.ts'
import { FieldDiffs } from '../field-diff.tsx'
import { kindWord } from '../kinds.ts'
import { counted } from '../push-words.ts'
import { reasonText } from '../reason.ts'
import { OfLocation, When } from '../when.tsx'
import { type ConflictGroup, type Decision, pathsOf, WHOLE } from './groups.ts'
import { texts } from './texts.ts'

interface Props {
  group: ConflictGroup
  decision: Decision | undefined
  /** Absent where whoever looks may not decide. */
  onDecide: ((decision: Decision) => void) | undefined
}

const NAMES_SHOWN = 4
const NEW = ''

/** One difference, the sub-accounts that have it, and what is to become of it. */
export function GroupCard({ group: { first, members }, decision, onDecide }: Props) {
  const names = members.slice(0, NAMES_SHOWN).map(({ locationName }) => locationName)
  const takeAll = (side: 'source' | 'target') =>
    onDecide?.({ take: Object.fromEntries(pathsOf(first).map((path) => [path, side])) })
  const decides = first.outcome === 'conflict' ? onDecide : undefined
  return (
    <Card withBorder component="section" aria-label={first.name}>
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start">
          <div style={{ minWidth: 0 }}>
            <Text size="xs" c="dimmed">
              {texts.about(kindWord(first.kind), first.version)}
              <OfLocation id={members.length === 1 ? first.locationId : null}>
                <When at={first.openedAt} />
              </OfLocation>
            </Text>
            <Title order={3} size="h5" dir="auto">
              {first.name}
            </Title>
            <Text size="sm">
              {counted(members.length, 'sub-account')}: <bdi>{names.join(', ')}</bdi>
              {members.length > NAMES_SHOWN && texts.more(members.length - NAMES_SHOWN)}
            </Text>
            {first.reason && (
              <Text size="sm" c="dimmed" dir="auto">
                {reasonText(first.reason)}
              </Text>
            )}
          </div>
          {decides && (
            <Group gap="xs">
              <Button size="xs" variant="default" onClick={() => takeAll('target')}>
                {texts.theirs}
              </Button>
              <Button size="xs" variant="default" onClick={() => takeAll('source')}>
                {texts.ours}
              </Button>
            </Group>
          )}
        </Group>
        {first.fields.map((field) => (
          <Stack key={field.path} gap={4}>
            <FieldDiffs fields={[toField(field)]} sides={texts.sides} />
            {decides && <Side path={field.path} decision={decision} onDecide={decides} />}
          </Stack>
        ))}
        {decides && first.fields.length === 0 && <Side path={WHOLE} decision={decision} onDecide={decides} />}
        {first.outcome === 'ambiguous' && first.candidates?.length === 0 && <Text size="sm">{texts.keyTaken}</Text>}
        {first.outcome === 'ambiguous' && first.candidates?.length !== 0 && (
          <Radio.Group
            label={texts.which}
            value={decision !== undefined && 'match' in decision ? (decision.match ?? NEW) : null}
            onChange={(id) => onDecide?.({ match: id === NEW ? null : id })}
          >
            <Stack gap={6} mt={6}>
              {(first.candidates ?? []).map(({ id, name }) => (
                <Radio key={id} value={id} disabled={!onDecide} label={<bdi>{name}</bdi>} description={id} />
              ))}
              <Radio value={NEW} disabled={!onDecide} label={texts.newOne} />
            </Stack>
          </Radio.Group>
        )}
      </Stack>
    </Card>
  )
}

interface SideProps {
  path: string
  decision: Decision | undefined
  onDecide: (decision: Decision) => void
}

/** Whose side stands in one field, or in all of an asset; until that is carried out it can be left open again. */
function Side({ path, decision, onDecide }: SideProps) {
  const take = decision !== undefined && 'take' in decision ? decision.take : {}
  const { [path]: side = '', ...others } = take
  return (
    <SegmentedControl
      size="xs"
      aria-label={texts.becomes(path === WHOLE ? '' : pathText(path))}
      style={{ alignSelf: 'flex-start' }}
      value={side}
      onChange={(next) => onDecide({ take: next === '' ? others : { ...take, [path]: next as 'source' | 'target' } })}
      data={[
        { value: '', label: texts.open },
        { value: 'target', label: texts.theirs },
        { value: 'source', label: texts.ours },
      ]}
    />
  )
}

/** The target's side and the snapshot's, as the two sides of a difference. */
const toField = ({ path, target, source }: { path: string; target?: unknown; source?: unknown }) => ({
  path,
  ...(target === undefined ? {} : { before: target }),
  ...(source === undefined ? {} : { after: source }),
})
