import { Checkbox, Group, Input, Stack, TagsInput, Text, VisuallyHidden } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { SearchField } from '../../parts/search-field.tsx'
import { texts as parts } from '../../parts/texts.ts'
import { texts } from './texts.ts'
import classes from './webhooks.module.css'
import { EVENTS, type EventName, eventName, fieldName, groupName, type Wish } from './words.ts'

const words = texts.events

interface Props {
  label: string
  value: readonly Wish[]
  onChange: (value: Wish[]) => void
  /** Those that only apps are told of are offered, too. */
  isOfApp: boolean
  error: ReactNode
}

/** What a webhook is told of: found by words, chosen one by one or a group at once, changes narrowed to fields. */
export function EventsField({ label, value, onChange, isOfApp, error }: Props) {
  const [text, setText] = useState('')
  const asked = text.toLowerCase()
  const wishOf = new Map(value.map((wish) => [wish.type, wish]))
  const offered = EVENTS.filter(({ onlyApps }) => isOfApp || !onlyApps)
  const found = offered.filter(({ type, kind }) =>
    [eventName(type), groupName(kind), type].some((one) => one.toLowerCase().includes(asked)),
  )
  const choose = (types: readonly EventName[], isChosen: boolean) =>
    onChange(
      isChosen
        ? [...value, ...types.filter((type) => !wishOf.has(type)).map((type) => ({ type }))]
        : value.filter(({ type }) => !types.includes(type)),
    )
  const narrow = (type: EventName, fields: string[]) =>
    onChange(value.map((wish) => (wish.type !== type ? wish : fields.length === 0 ? { type } : { type, fields })))
  return (
    <Input.Wrapper label={label} labelElement="div" error={error}>
      <Stack gap="xs" mt={4}>
        <Group justify="space-between" gap="xs">
          <SearchField label={words.search} value={text} onChange={setText} />
          <Text size="sm" c="dimmed" role="status">
            {words.chosen(value.length)}
          </Text>
        </Group>
        {found.length === 0 && <Text size="sm">{words.nothing}</Text>}
        <div className={classes.events}>
          {[...Map.groupBy(found, ({ kind }) => kind)].map(([kind, events]) => {
            const types = events.map(({ type }) => type)
            const chosen = types.filter((type) => wishOf.has(type)).length
            return (
              <fieldset key={kind} className={classes.group}>
                <legend>
                  <VisuallyHidden>{groupName(kind)}</VisuallyHidden>
                </legend>
                <Checkbox
                  label={groupName(kind)}
                  checked={chosen === types.length}
                  indeterminate={chosen > 0 && chosen < types.length}
                  onChange={(event) => choose(types, event.currentTarget.checked)}
                  fw={600}
                />
                <Stack gap={6} pl="lg" pt={6}>
                  {events.map(({ type, fields }) => (
                    <div key={type}>
                      <Checkbox
                        label={eventName(type)}
                        checked={wishOf.has(type)}
                        onChange={(event) => choose([type], event.currentTarget.checked)}
                      />
                      {wishOf.has(type) && fields.length > 0 && (
                        <Fields
                          name={eventName(type)}
                          fields={fields}
                          value={wishOf.get(type)?.fields ?? []}
                          onChange={(next) => narrow(type, next)}
                        />
                      )}
                    </div>
                  ))}
                </Stack>
              </fieldset>
            )
          })}
        </div>
      </Stack>
    </Input.Wrapper>
  )
}

interface FieldsProps {
  name: string
  fields: readonly string[]
  value: readonly string[]
  onChange: (value: string[]) => void
}

/** By their names where we know them; others are written as they are. */
function Fields({ name, fields, value, onChange }: FieldsProps) {
  const known = new Map(fields.map((field) => [fieldName(field), field]))
  return (
    <TagsInput
      mt={4}
      ml="xl"
      label={words.fields(name)}
      description={words.fieldsHint}
      data={[...known.keys()]}
      value={value.map((field) => (fields.includes(field) ? fieldName(field) : field))}
      onChange={(names) => onChange(names.map((one) => known.get(one) ?? one))}
      maxTags={100}
      clearable
      clearButtonProps={{ 'aria-label': parts.clear }}
    />
  )
}
