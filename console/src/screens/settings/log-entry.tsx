import { Code, Modal, Skeleton, Stack, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { CallError } from '../../api/call.ts'
import { reads } from '../../api/query.ts'
import { Failure } from '../../parts/states.tsx'
import { texts as shared } from '../../texts.ts'
import { deedOf, subjectOf, type Told, whoOf } from './log-words.ts'
import { texts } from './texts.ts'

const words = texts.log
const full = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'long' })

/** All that is known of one event, with the names that programs call these things by. */
export function LogEntry({ told, onClose }: { told: Told; onClose: () => void }) {
  const { about, address, at, detail, event, outcome, repeats, status, traceId, who } = told
  const lines: [string, ReactNode][] = [
    [words.columns.what, <Named key="what" text={deedOf(told)} id={event} />],
    ...about.map((one): [string, ReactNode] => [
      words.towards,
      <Named key={one.what} text={subjectOf(one)} id={one.id} />,
    ]),
    [words.columns.who, <Named key="who" text={whoOf(told)} id={who} />],
    [words.columns.outcome, [words.outcomes[outcome], status].filter((part) => part !== null).join(', ')],
    [words.how, repeats > 0 && words.times(repeats + 1)],
    [words.columns.at, full.format(new Date(at))],
    [words.columns.address, address],
    [words.detail, detail],
    [shared.states.trace, traceId && <Code>{traceId}</Code>],
  ]
  return (
    <Modal opened onClose={onClose} title={deedOf(told)} size="lg" closeButtonProps={{ 'aria-label': shared.close }}>
      <Table variant="vertical" layout="fixed">
        <Table.Tbody>
          {lines
            .filter(([, value]) => value)
            .map(([label, value], index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: several lines may have one label, and none moves
              <Table.Tr key={index}>
                <Table.Th w={120}>{label}</Table.Th>
                <Table.Td dir="auto">{value}</Table.Td>
              </Table.Tr>
            ))}
        </Table.Tbody>
      </Table>
    </Modal>
  )
}

/** One that is further back than what was read of the list, or is not there any more. */
export function SoughtEntry({ id, onClose }: { id: string; onClose: () => void }) {
  const { data, error, refetch } = useQuery(reads('access.events', { eventId: id, limit: 1 }))
  const [told] = data?.events ?? []
  if (told !== undefined) return <LogEntry told={told} onClose={onClose} />
  // What is no id of an entry is none that is there.
  const isGone = data !== undefined || (error instanceof CallError && [400, 422].includes(error.status))
  return (
    <Modal opened onClose={onClose} title={words.entry} size="lg" closeButtonProps={{ 'aria-label': shared.close }}>
      {isGone ? (
        <Text size="sm" role="status">
          {words.entryGone}
        </Text>
      ) : error ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton height={200} />
      )}
    </Modal>
  )
}

const Named = ({ text, id }: { text: string; id: string | null }) => (
  <Stack gap={2} align="flex-start">
    <Text size="sm" dir="auto">
      {text}
    </Text>
    {id !== null && id !== text && <Code>{id}</Code>}
  </Stack>
)
