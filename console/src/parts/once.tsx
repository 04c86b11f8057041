import { notifications } from '@mantine/notifications'
import { texts } from '../texts.ts'
import { CopyField } from './copy-field.tsx'

/** Shows what was made after whoever asked for it had left, and is shown this once; it stays until it is closed. */
export function showOnce(label: string, value: string): void {
  notifications.show({
    color: 'plate',
    autoClose: false,
    closeButtonProps: { 'aria-label': texts.close },
    title: texts.meanwhile,
    message: <CopyField label={label} value={value} />,
  })
}
