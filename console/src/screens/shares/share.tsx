import { Button, Code, Group, Modal, Stack, Text } from '@mantine/core'
import type { Output } from '../../api/call.ts'
import { useAct } from '../../parts/act.ts'
import { CopyField } from '../../parts/copy-field.tsx'
import { showDone, showUndo } from '../../parts/notices.tsx'
import { useRole } from '../../parts/role.ts'
import { Tone } from '../../parts/tone.tsx'
import { When } from '../../parts/when.tsx'
import { texts as shared } from '../../texts.ts'
import { texts } from './texts.ts'

type Answered = Output<'snapshots.shares'>['shares'][number]
/** A share with what its snapshot is called. */
export type Share = Omit<Answered, 'shareType'> & { shareType: keyof typeof texts.kinds; snapshotName: string }

const words = texts.one
const CHANGED = ['snapshots.shares'] as const

/** One share: its link, for whom it is, who has used it, and the end of it, which can be taken back. */
export function ShareDialog({ share, onClose }: { share: Share; onClose: () => void }) {
  const mayWrite = useRole('operator')
  const reopen = useAct('snapshots.reopenShare', { changes: CHANGED, onDone: () => showDone(words.reopened) })
  const revoke = useAct('snapshots.revokeShare', {
    changes: CHANGED,
    onDone: () => {
      showUndo(words.revoked, () => reopen.mutate({ shareId: share.id }))
      onClose()
    },
  })
  const kind = texts.kinds[share.shareType]
  const state = texts.states[share.state]
  const listed = [...share.relationshipNumbers, ...share.locationIds]
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={share.snapshotName}
      closeButtonProps={{ 'aria-label': shared.close }}
    >
      <Stack>
        <div>
          <Tone tone={state.tone}>{state.label}</Tone>
          <Text size="sm" mt={4}>
            {kind.label}. {kind.hint} {share.state === 'open' && kind.ends}
          </Text>
        </div>
        {listed.length > 0 && (
          <Text size="sm">
            {words.listed}{' '}
            {listed.map((one) => (
              <Code key={one} mr={6}>
                {one}
              </Code>
            ))}
          </Text>
        )}
        {share.state === 'open' && <CopyField label={words.link} value={share.shareLink} />}
        {share.usedBy.length === 0 ? (
          <Text size="sm" c="dimmed">
            {words.nobody}
          </Text>
        ) : (
          <ul style={{ margin: 0, paddingInlineStart: '1.2em' }}>
            {share.usedBy.map(({ companyName, at }) => (
              <Text key={`${companyName}${at}`} size="sm" component="li" dir="auto">
                {words.usedBy(companyName)} · <When at={at} />
              </Text>
            ))}
          </ul>
        )}
        {mayWrite && (
          <Group justify="flex-end">
            {share.state === 'revoked' ? (
              <Button variant="default" loading={reopen.isPending} onClick={() => reopen.mutate({ shareId: share.id })}>
                {words.reopen}
              </Button>
            ) : (
              <Button
                variant="default"
                c="var(--tone-bad)"
                loading={revoke.isPending}
                onClick={() => revoke.mutate({ shareId: share.id })}
              >
                {words.revoke}
              </Button>
            )}
          </Group>
        )}
      </Stack>
    </Modal>
  )
}
