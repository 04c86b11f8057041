import { ActionIcon, Button, Checkbox, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { texts as shared } from '../../../texts.ts'
import { shownValue } from '../words.ts'
import type { Field, Origin } from './model.ts'
import { originText, pathOf, placeOf } from './model.ts'
import { OriginEditor } from './origin-editor.tsx'
import { PlaceField } from './place-field.tsx'
import type { Place } from './sample.ts'
import { texts } from './texts.ts'

const words = texts.detail

/** What a field does besides where it comes from. */
export type Settings = Omit<Field, 'to' | 'from'>

interface Props {
  label: string
  description?: string
  required?: boolean
  /** Null: nothing. */
  origin: Origin | null
  onChange: (origin: Origin | null) => void
  /** What of the sample it becomes; undefined: nothing, or nobody knows. Without it nothing is said of that. */
  value?: unknown
  fault?: string | undefined
  places: readonly Place[]
  samples: readonly unknown[]
  readOnly: boolean
  /** What else is said of it; undefined: nothing can be. */
  settings?: Settings
  onSettings?: (settings: Settings) => void
  /** Whether the newest can be told. */
  knowsNewest?: boolean
  /** What becomes of this field alone, in the dialog. */
  live?: ReactNode
}

/** One of our fields: what it is filled with, what that comes to, and the way to all that can be said of it. */
export function FieldLine(props: Props) {
  const { label, description, required = false, origin, onChange, fault, places, readOnly } = props
  const [isOpen, open] = useState(false)
  const path = pathOf(origin)
  return (
    <div>
      <Group align="flex-start" wrap="nowrap" gap="xs">
        {origin === null || path !== null ? (
          <PlaceField
            label={label}
            description={description}
            required={required}
            places={places}
            value={path}
            onChange={(next) => onChange(next === null ? null : { path: next })}
            readOnly={readOnly}
            error={fault}
          />
        ) : (
          <TextInput
            label={label}
            description={description}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            readOnly
            withAsterisk={required}
            value={originText(origin)}
            error={fault}
            style={{ flex: 1, minWidth: 0 }}
          />
        )}
        {!readOnly && (
          <ActionIcon
            variant="default"
            size={36}
            mt={25}
            aria-label={texts.more(label)}
            aria-haspopup="dialog"
            onClick={() => open(true)}
          >
            <IconDots size={16} aria-hidden />
          </ActionIcon>
        )}
      </Group>
      {origin !== null && places.length > 0 && fault === undefined && <Becomes {...props} />}
      {isOpen && <Detail {...props} onClose={() => open(false)} />}
    </div>
  )
}

/** What of the sample a field becomes. The line is there before it is known: nothing moves when it is. */
function Becomes(props: Props) {
  const { origin, places, value } = props
  if (isLacking(origin, places))
    return (
      <Text size="xs" c="var(--tone-change)">
        {texts.lacking}
      </Text>
    )
  if (!('value' in props)) return null
  return (
    <Text size="xs" c="dimmed" dir="auto" className="one-line">
      {texts.becomes(value === undefined || value === null ? '—' : shownValue(value))}
    </Text>
  )
}

/** Whether the sample lacks what a field is filled with. */
const isLacking = (origin: Origin | null, places: readonly Place[]): boolean => {
  const path = origin === null ? '' : placeOf(origin)
  const isSingle = origin !== null && !('paths' in origin)
  return isSingle && path !== '' && places.length > 0 && !places.some((place) => place.path === path)
}

function Detail({ onClose, ...props }: Props & { onClose: () => void }) {
  const { label, origin, onChange, places, samples, settings, onSettings, knowsNewest = false, live } = props
  const change = (patch: Partial<Settings>) =>
    onSettings?.(
      Object.fromEntries(Object.entries({ ...settings, ...patch }).filter(([, value]) => value !== undefined)),
    )
  return (
    <Modal opened onClose={onClose} size="lg" title={label} closeButtonProps={{ 'aria-label': shared.close }}>
      <Stack>
        <OriginEditor origin={origin} onChange={onChange} places={places} samples={samples} />
        {live}
        {settings !== undefined && origin !== null && (
          <>
            <Select
              label={words.as}
              allowDeselect={false}
              searchable
              data={[
                { value: '', label: words.asUsual },
                ...Object.entries(words.conversions).map(([value, one]) => ({ value, label: one as string })),
              ]}
              value={settings.as ?? ''}
              onChange={(next) => change({ as: (next || undefined) as Settings['as'] })}
            />
            <Select
              label={words.conflicts}
              allowDeselect={false}
              data={[
                { value: '', label: words.conflictsUsual },
                ...Object.entries(texts.conflictWords)
                  .filter(([value]) => value !== 'newest' || knowsNewest)
                  .map(([value, one]) => ({ value, label: one as string })),
              ]}
              value={settings.conflicts ?? ''}
              onChange={(next) => change({ conflicts: (next || undefined) as Settings['conflicts'] })}
            />
            <Checkbox
              label={words.required}
              checked={settings.required ?? false}
              onChange={(event) => change({ required: event.currentTarget.checked || undefined })}
            />
            <Checkbox
              label={words.clear}
              checked={settings.empty === 'clear'}
              onChange={(event) => change({ empty: event.currentTarget.checked ? 'clear' : undefined })}
            />
          </>
        )}
        <Group justify="flex-end">
          <Button onClick={onClose}>{words.done}</Button>
        </Group>
      </Stack>
    </Modal>
  )
}
