import { Alert, Button, Group, Text } from '@mantine/core'
import { Failure } from '../states.tsx'
import classes from './document.module.css'

const texts = {
  faults: 'This would be refused',
  fault: 'It could not be saved',
  save: 'Save',
  discard: 'Discard changes',
  unsaved: 'Not saved yet',
}

interface Props {
  faults: readonly string[]
  /** A refusal of the last try. */
  fault: unknown
  isSaving: boolean
  onSave: () => void
  onDiscard: () => void
  /** In place of `Save`. */
  label?: string
}

/** At the foot of a form with changes: what is wrong with them, and what can become of them. */
export function Saving({ faults, fault, isSaving, onSave, onDiscard, label = texts.save }: Props) {
  return (
    <div className={classes.saving}>
      {faults.length > 0 && (
        <Alert
          color="yellow"
          variant="outline"
          title={texts.faults}
          mb="xs"
          role="status"
          styles={{ title: { color: 'var(--tone-change)' } }}
        >
          {faults.slice(0, 5).map((one) => (
            <Text key={one} size="sm" dir="auto">
              {one}
            </Text>
          ))}
        </Alert>
      )}
      {fault !== null && fault !== undefined && <Failure error={fault} title={texts.fault} />}
      <Group mt="xs">
        <Button onClick={onSave} loading={isSaving} disabled={faults.length > 0}>
          {label}
        </Button>
        <Button variant="default" onClick={onDiscard} disabled={isSaving}>
          {texts.discard}
        </Button>
        <Text size="sm" c="dimmed">
          {texts.unsaved}
        </Text>
      </Group>
    </div>
  )
}
