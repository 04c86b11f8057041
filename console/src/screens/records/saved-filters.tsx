import { ActionIcon, Anchor, Button, Group, Popover, Stack, Text, TextInput } from '@mantine/core'
import { IconFilter, IconTrash } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { reads } from '../../api/query.ts'
import { useAct } from '../../parts/act.ts'
import { useAddress } from '../../parts/address.ts'
import { Failure, Waiting } from '../../parts/states.tsx'
import { type Kind, listAddress } from './address.ts'
import { texts } from './texts.ts'

const words = texts.saved
const CHANGES = ['savedFilters.list'] as const

/** What a table is filtered by, kept under a name. What names a board or a calendar is of its sub-account alone. */
export function SavedFilters({ locationId, kind }: { locationId: string; kind: Kind }) {
  const [{ q, pipeline, calendar }, change] = useAddress(listAddress)
  const [isOpen, open] = useState(false)
  const [name, setName] = useState('')
  const table = `records/${kind}`
  const kept = useQuery({ ...reads('savedFilters.list', { table, locationId }), enabled: isOpen })
  const save = useAct('savedFilters.save', { changes: CHANGES, onDone: () => setName('') })
  const remove = useAct('savedFilters.delete', { changes: CHANGES })
  const filter = Object.fromEntries(
    Object.entries({ q, pipeline, calendar }).flatMap(([field, value]) =>
      value === undefined ? [] : [[field, value]],
    ),
  )
  const isFiltered = Object.keys(filter).length > 0
  const isOfPlace = pipeline !== undefined || calendar !== undefined
  return (
    <Popover opened={isOpen} onChange={open} position="bottom-start" width={300} trapFocus shadow="md">
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconFilter size={16} aria-hidden />}
          aria-expanded={isOpen}
          onClick={() => open(!isOpen)}
        >
          {words.label}
        </Button>
      </Popover.Target>
      <Popover.Dropdown role="dialog" aria-label={words.label}>
        <Stack gap="sm">
          {kept.error ? (
            <Failure error={kept.error} onRetry={() => void kept.refetch()} />
          ) : kept.data === undefined ? (
            <Waiting lines={2} />
          ) : kept.data.filters.length === 0 ? (
            <Text size="sm" c="dimmed">
              {words.none}
            </Text>
          ) : (
            <Stack component="ul" gap={4} p={0} m={0} mah={260} style={{ listStyle: 'none', overflowY: 'auto' }}>
              {kept.data.filters.map((one) => (
                <Group key={one.id} component="li" justify="space-between" wrap="nowrap" gap="xs">
                  <Anchor
                    component="button"
                    type="button"
                    size="sm"
                    ta="start"
                    dir="auto"
                    className="one-line"
                    onClick={() => {
                      const { q: text, pipeline: board, calendar: of } = one.filter
                      change({ q: text, pipeline: board, calendar: of, chosen: undefined }, 'push')
                      open(false)
                    }}
                  >
                    {one.name}
                  </Anchor>
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    aria-label={words.forget(one.name)}
                    onClick={() => remove.mutate({ filterId: one.id })}
                  >
                    <IconTrash size={16} aria-hidden />
                  </ActionIcon>
                </Group>
              ))}
            </Stack>
          )}
          {isFiltered ? (
            <form
              onSubmit={(event) => {
                event.preventDefault()
                const given = name.trim()
                if (given) save.mutate({ table, name: given, filter, ...(isOfPlace && { locationId }) })
              }}
            >
              <Stack gap="xs">
                <TextInput
                  label={words.name}
                  description={isOfPlace ? words.here : words.everywhere}
                  maxLength={200}
                  value={name}
                  onChange={(event) => setName(event.currentTarget.value)}
                />
                <Group justify="flex-end">
                  <Button type="submit" size="xs" loading={save.isPending}>
                    {words.save}
                  </Button>
                </Group>
              </Stack>
            </form>
          ) : (
            <Text size="xs" c="dimmed">
              {words.hint}
            </Text>
          )}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}
