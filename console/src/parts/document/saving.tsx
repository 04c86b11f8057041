import { Alert, Button, Group, Text } from '@mantine/core'
import { Failure } from '../states.tsx'
import classes from './document.module.css'
import { texts } from './texts.ts'

const { saving: words } = texts

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
export function Saving({ faults, fault, isSaving, onSave, onDiscard, label = words.save }: Props) {
  return (
    <div className={classes.saving}>
      {faults.length > 0 && (
        <Alert
          color="yellow"
          variant="outline"
          title={words.faults}
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
      {fault !== null && fault !== undefined && <Failure error={fault} title={words.fault} />}
      <Group mt="xs">
        <Button onClick={onSave} loading={isSaving} disabled={faults.length > 0}>
          {label}
        </Button>
        <Button variant="default" onClick={onDiscard} disabled={isSaving}>
          {words.discard}
        </Button>
        <Text size="sm" c="dimmed">
          {words.unsaved}
        </Text>
      </Group>
    </div>
  )
}
