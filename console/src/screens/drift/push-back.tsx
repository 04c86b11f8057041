import { Button, CloseButton, Group, Paper, Skeleton, Stack, Text } from '@mantine/core'
import { useQueries } from '@tanstack/react-query'
import { reads } from '../../api/query.ts'
import { kindWord } from '../../parts/kinds.ts'
import { LinkButton } from '../../parts/link-button.tsx'
import { Failure } from '../../parts/states.tsx'
import { type Chosen, findChosen, type PushBack, toPushes } from './chosen.ts'
import { PushAll } from './push-all.tsx'
import { texts } from './texts.ts'

interface Props {
  snapshot: string
  /** What the address says is chosen. */
  keys: readonly string[]
  onToggle: (key: string) => void
  onNone: () => void
  onStarted: (pushIds: string[], left: string[]) => void
}

/**
 * All that is chosen, also what a search hides or no page has shown yet, and the pushes that bring it back. What has
 * drifted no more belongs to none of them.
 */
export function PushBackBar({ snapshot, keys, onToggle, onNone, onStarted }: Props) {
  const locationIds = [...new Set(keys.map((key) => key.split('/')[0] ?? ''))]
  const asked = useQueries({
    queries: locationIds.map((locationId) => reads('snapshots.drift', { snapshotId: snapshot, locationId })),
  })
  const failed = asked.find(({ error }) => error !== null)
  const isKnown = asked.every(({ data }) => data !== undefined)
  const chosen = findChosen(
    asked.flatMap(({ data }) => data?.drift ?? []),
    keys,
  )
  const pushes = toPushes(chosen)
  const gone = keys.length - chosen.length
  return (
    <Paper
      withBorder
      p="sm"
      pos="sticky"
      bottom={12}
      shadow="md"
      component="section"
      aria-label={texts.chosenTitle}
      style={{ zIndex: 2 }}
    >
      <Stack gap="xs">
        <Group justify="space-between" gap="sm">
          <Text size="sm" style={{ flex: '1 1 240px' }} aria-live="polite">
            {texts.chosen(isKnown ? chosen.length : keys.length)}. {pushes.length > 1 && texts.pushes(pushes.length)}{' '}
            {texts.pushBackHint} {isKnown && gone > 0 && texts.gone(gone)}
          </Text>
          <Button variant="subtle" size="compact-sm" onClick={onNone}>
            {texts.chooseNone}
          </Button>
        </Group>
        {failed ? (
          <Failure error={failed.error} onRetry={() => void failed.refetch()} />
        ) : !isKnown ? (
          <Skeleton height={36} />
        ) : (
          <Stack gap="sm" mah="30vh" style={{ overflow: 'auto' }}>
            {pushes.map((push) => (
              <OnePush key={push.chosen[0]?.key} snapshot={snapshot} push={push} onToggle={onToggle} />
            ))}
          </Stack>
        )}
        {isKnown && pushes.length > 1 && <PushAll snapshot={snapshot} pushes={pushes} onStarted={onStarted} />}
      </Stack>
    </Paper>
  )
}

interface OneProps extends Pick<Props, 'snapshot' | 'onToggle'> {
  push: PushBack
}

function OnePush({ snapshot, push: { version, to, only, chosen }, onToggle }: OneProps) {
  const search = { snapshot, version, to: to.join(','), only: only.join(','), policy: 'override' }
  return (
    <Group justify="space-between" align="flex-end" gap="sm">
      <Stack gap={2} style={{ flex: '1 1 240px', minWidth: 0 }}>
        <Text size="xs" c="dimmed">
          {texts.pushTo(version, to.length)}
        </Text>
        {chosen.map((one) => (
          <ChosenLine key={one.key} chosen={one} onLeaveOut={() => onToggle(one.key)} />
        ))}
      </Stack>
      <LinkButton to="/app/push" search={search as never}>
        {texts.pushBack}
      </LinkButton>
    </Group>
  )
}

function ChosenLine({ chosen: { place, asset }, onLeaveOut }: { chosen: Chosen; onLeaveOut: () => void }) {
  const name = `${kindWord(asset.kind)} ${asset.name}`
  return (
    <Group gap={4} wrap="nowrap">
      <CloseButton size="sm" aria-label={texts.leaveOut(name, place.locationName)} onClick={onLeaveOut} />
      <Text size="sm" style={{ minWidth: 0, overflowWrap: 'anywhere' }}>
        <bdi>{name}</bdi>{' '}
        <Text span c="dimmed">
          <bdi>{place.locationName}</bdi>
        </Text>
      </Text>
    </Group>
  )
}
