import { Button, Group, Stack, Text } from '@mantine/core'
import { texts as shared } from '../texts.ts'

interface Props {
  lead: string
  label: string
  isPending: boolean
  onYes: () => void
  onNo: () => void
}

/** What cannot be taken back is asked about first. */
export function Sure({ lead, label, isPending, onYes, onNo }: Props) {
  return (
    <Stack gap="xs">
      <Text size="sm" dir="auto">
        {lead}
      </Text>
      <Group justify="flex-end">
        <Button variant="default" data-autofocus onClick={onNo}>
          {shared.cancel}
        </Button>
        <Button color="red.9" loading={isPending} onClick={onYes}>
          {label}
        </Button>
      </Group>
    </Stack>
  )
}
