import { Button, Group } from '@mantine/core'
import { texts as shared } from '../texts.ts'

interface Props {
  /** What the form of the dialog does when it is sent. */
  submit: string
  isPending: boolean
  onClose: () => void
}

/** How a form in a dialog ends. */
export function DialogButtons({ submit, isPending, onClose }: Props) {
  return (
    <Group justify="flex-end">
      <Button variant="default" onClick={onClose}>
        {shared.cancel}
      </Button>
      <Button type="submit" loading={isPending}>
        {submit}
      </Button>
    </Group>
  )
}
