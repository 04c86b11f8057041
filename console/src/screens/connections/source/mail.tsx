import { Button, Card, Checkbox, Group, Select, Stack, TagsInput, Text, TextInput } from '@mantine/core'
import type { Definition } from '../standing.tsx'
import { texts } from './texts.ts'

const words = texts.mail
type Source = Definition['source']
type Mail = NonNullable<Source['mail']>
type MailField = Mail['fields'][number]

interface Props {
  source: Source
  onChange: (source: Source) => void
}

/** Which mails are meant, and what is taken out of one. */
export function MailForm({ source, onChange }: Props) {
  const { mail = { fields: [] } } = source
  const set = (patch: { [name in keyof Mail]?: Mail[name] | undefined }) => {
    const next = Object.entries({ ...mail, ...patch }).filter(([, value]) => value !== undefined)
    onChange({ ...source, mail: Object.fromEntries(next) as unknown as Mail })
  }
  const setField = (at: number, field: MailField) =>
    set({ fields: mail.fields.map((one, index) => (index === at ? field : one)) })
  return (
    <Stack gap="sm">
      <TagsInput
        label={words.senders}
        description={words.sendersHint}
        value={mail.senders ?? []}
        onChange={(senders) => set({ senders: senders.length === 0 ? undefined : senders })}
      />
      <TextInput
        label={words.subject}
        description={words.subjectHint}
        value={mail.subject ?? ''}
        onChange={(event) => set({ subject: event.currentTarget.value || undefined })}
      />
      <Text size="sm" fw={500}>
        {words.fields}
      </Text>
      {mail.fields.map((field, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: while it is written a field has nothing else
        <Card key={at} withBorder padding="sm">
          <MailFieldForm
            field={field}
            onChange={(next) => setField(at, next)}
            onRemove={() => set({ fields: mail.fields.filter((_, index) => index !== at) })}
          />
        </Card>
      ))}
      <Group>
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => set({ fields: [...mail.fields, { name: '', label: '' }] })}
        >
          {words.add}
        </Button>
      </Group>
    </Stack>
  )
}

interface FieldProps {
  field: MailField
  onChange: (field: MailField) => void
  onRemove: () => void
}

function MailFieldForm({ field, onChange, onRemove }: FieldProps) {
  const { name, required } = field
  const how = 'pattern' in field ? 'pattern' : 'label'
  const text = 'pattern' in field ? field.pattern : field.label
  const common = { name, ...(required === undefined ? {} : { required }) }
  const by = (kind: 'pattern' | 'label', value: string): MailField =>
    kind === 'label'
      ? { ...common, label: value }
      : { ...common, ...('in' in field && field.in !== undefined ? { in: field.in } : {}), pattern: value }
  return (
    <Stack gap="xs">
      <Group align="flex-start" gap="xs">
        <TextInput
          label={words.name}
          description={words.nameHint}
          inputWrapperOrder={['label', 'input', 'description']}
          value={name}
          onChange={(event) => onChange({ ...field, name: event.currentTarget.value.replace(/\W/g, '') })}
          style={{ flex: 1, minWidth: 130 }}
        />
        <Select
          label={words.how}
          allowDeselect={false}
          data={[
            { value: 'label', label: words.label },
            { value: 'pattern', label: words.pattern },
          ]}
          value={how}
          onChange={(next) => onChange(by(next === 'pattern' ? 'pattern' : 'label', text))}
          style={{ flex: 2, minWidth: 200 }}
        />
        <TextInput
          label={words.text[how]}
          value={text}
          onChange={(event) => onChange(by(how, event.currentTarget.value))}
          style={{ flex: 2, minWidth: 160 }}
        />
      </Group>
      <Group justify="space-between">
        <Checkbox
          label={words.required}
          checked={required ?? false}
          onChange={(event) => {
            const { required: _, ...rest } = field
            onChange(event.currentTarget.checked ? { ...rest, required: true } : rest)
          }}
        />
        <Button size="compact-sm" variant="default" onClick={onRemove}>
          {words.remove(name)}
        </Button>
      </Group>
    </Stack>
  )
}
