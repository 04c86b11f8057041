import { Alert, Button, Group, Paper, Text } from '@mantine/core'
import { IconGitCompare, IconSend } from '@tabler/icons-react'
import { LinkButton } from '../../parts/link-button.tsx'
import { useRole } from '../../parts/role.ts'
import { texts } from './texts.ts'

interface Props {
  chosen: readonly string[] | 'all'
  /** Which of all are meant, for the address of a push. */
  filter: Record<string, string | true | undefined>
  total: number
  warning: string | null
  onNone: () => void
}

/** What can be done with the sub-accounts that are chosen. */
export default function ChosenBar({ chosen, filter, total, warning, onNone }: Props) {
  const mayPush = useRole('operator')
  const to = chosen === 'all' ? 'all' : chosen.join(',')
  return (
    <Paper withBorder p="xs" role="region" aria-label={texts.chosenTitle}>
      <Group gap="sm">
        <Text size="sm" fw={600}>
          {texts.chosen(total)}
        </Text>
        {mayPush && (
          <LinkButton
            size="xs"
            leftSection={<IconSend size={14} aria-hidden />}
            to="/app/push"
            search={(chosen === 'all' ? { to, ...filter } : { to }) as never}
          >
            {texts.push}
          </LinkButton>
        )}
        {chosen.length === 2 && chosen !== 'all' && (
          <LinkButton
            size="xs"
            variant="default"
            leftSection={<IconGitCompare size={14} aria-hidden />}
            to="/app/compare"
            search={{ locations: to } as never}
          >
            {texts.compare}
          </LinkButton>
        )}
        <Button size="xs" variant="subtle" onClick={onNone}>
          {texts.unchoose}
        </Button>
      </Group>
      {warning && (
        <Alert mt="xs" color="yellow" variant="outline">
          {warning}
        </Alert>
      )}
    </Paper>
  )
}
