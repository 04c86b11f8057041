import { Checkbox, Group, NumberInput, TextInput } from '@mantine/core'
import { Choice } from './choice.tsx'
import type { Poll } from './poll.tsx'
import { texts } from './texts.ts'

const words = texts.poll
type Paging = Poll['paging']

const BEGINNINGS: Record<Paging['style'], Paging> = {
  none: { style: 'none' },
  page: { style: 'page', parameter: 'page' },
  offset: { style: 'offset', parameter: 'offset' },
  cursor: { style: 'cursor', parameter: 'cursor', path: 'next_cursor' },
  link: { style: 'link' },
  url: { style: 'url', path: 'next' },
}

interface Props {
  paging: Paging
  onChange: (paging: Paging) => void
}

/** How one page follows another. */
export function PagingForm({ paging, onChange }: Props) {
  return (
    <>
      <Choice
        label={words.paging}
        words={words.styles}
        value={paging.style}
        onChange={(style) => style !== paging.style && onChange(BEGINNINGS[style])}
      />
      <Group align="flex-start" gap="xs">
        {'parameter' in paging && (
          <TextInput
            label={words.parameter}
            dir="ltr"
            value={paging.parameter}
            onChange={(event) => onChange({ ...paging, parameter: event.currentTarget.value.trim() })}
          />
        )}
        {'path' in paging && (
          <TextInput
            label={words.path}
            dir="ltr"
            value={paging.path}
            onChange={(event) => onChange({ ...paging, path: event.currentTarget.value.trim() })}
          />
        )}
        {paging.style !== 'none' && (
          <NumberInput
            label={words.size}
            min={1}
            max={10_000}
            allowDecimal={false}
            value={paging.size?.value ?? ''}
            onChange={(next) => {
              const { size, ...rest } = paging
              const parameter = size?.parameter ?? 'limit'
              onChange(typeof next === 'number' ? { ...rest, size: { parameter, value: next } } : rest)
            }}
          />
        )}
        {paging.style !== 'none' && paging.size !== undefined && (
          <TextInput
            label={words.sizeParameter}
            dir="ltr"
            value={paging.size.parameter}
            onChange={(event) => {
              const parameter = event.currentTarget.value.trim()
              onChange({ ...paging, size: { parameter, value: paging.size?.value ?? 100 } })
            }}
          />
        )}
      </Group>
    </>
  )
}

/** Whether only what has changed is asked for. */
export function SinceForm({ poll, onChange }: { poll: Poll; onChange: (poll: Poll) => void }) {
  const { since, ...rest } = poll
  return (
    <>
      <Checkbox
        label={words.since}
        checked={since !== undefined}
        onChange={(event) =>
          onChange(
            event.currentTarget.checked ? { ...rest, since: { parameter: 'updated_since', format: 'iso' } } : rest,
          )
        }
      />
      {since !== undefined && (
        <Group align="flex-start" gap="xs">
          <TextInput
            label={words.sinceParameter}
            dir="ltr"
            value={since.parameter}
            onChange={(event) =>
              onChange({ ...rest, since: { ...since, parameter: event.currentTarget.value.trim() } })
            }
          />
          <Choice
            label={words.sinceFormat}
            words={words.formats}
            value={since.format}
            onChange={(format) => onChange({ ...rest, since: { ...since, format } })}
          />
        </Group>
      )}
    </>
  )
}
