import { Alert, Button, Code, Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { CallError } from '../api/call.ts'
import { texts } from '../texts.ts'

const { states } = texts

/** Asked again, it is answered the same. */
const isSettled = (refusal: CallError | null) => refusal !== null && [400, 403, 404, 422].includes(refusal.status)

/** What went wrong, in words, with what the server's log can be searched by. */
export function Failure({ error, onRetry, title }: { error: unknown; onRetry?: () => void; title?: string }) {
  const refusal = error instanceof CallError ? error : null
  const reasons = refusal?.reasons.length ? refusal.reasons : [error instanceof Error ? error.message : String(error)]
  return (
    <Alert
      role="alert"
      color="red"
      variant="outline"
      icon={<IconAlertTriangle aria-hidden />}
      title={title ?? (refusal?.status === 0 ? states.unreachable : states.failed)}
      styles={{ title: { color: 'var(--tone-bad)' }, body: { minWidth: 0 } }}
    >
      <Stack gap="xs">
        {reasons.map((reason) => (
          <Text key={reason} size="sm" dir="auto">
            {reason}
          </Text>
        ))}
        {refusal?.traceId && <Trace id={refusal.traceId} />}
        {onRetry && !isSettled(refusal) && (
          <Group>
            <Button size="xs" variant="default" onClick={onRetry}>
              {states.retry}
            </Button>
          </Group>
        )}
      </Stack>
    </Alert>
  )
}

/** By what whoever runs the server finds what happened. */
export const Trace = ({ id, mt }: { id: string; mt?: number }) => (
  <Text size="xs" c="dimmed" mt={mt}>
    {states.trace} <Code>{id}</Code>. {states.traceHint}
  </Text>
)

/** Where there is nothing yet: what this place is for, and what to do next. */
export function Empty({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <Stack align="center" gap="sm" py={56} px="md" ta="center">
      <Title order={2} size="h4">
        {title}
      </Title>
      {children && (
        <Text c="dimmed" maw={460} size="sm">
          {children}
        </Text>
      )}
      {action}
    </Stack>
  )
}

/** What is on its way, in the size that it is going to have. */
export function Waiting({ lines }: { lines: number }) {
  return (
    <Stack gap="sm" aria-busy="true">
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they have nothing else
        <Skeleton key={line} height={18} width={`${90 - ((line * 17) % 40)}%`} />
      ))}
    </Stack>
  )
}

interface ListWords {
  empty: string
  emptyHint: string
  nothing: string
  clear: string
}

interface EmptyListProps {
  words: ListWords
  onClear: (() => void) | undefined
  /** What to do next, where there is none yet. */
  action?: ReactNode
}

/** A list without rows: there is none yet, or none that is looked for. */
export function EmptyList({ words, onClear, action }: EmptyListProps) {
  if (onClear === undefined)
    return (
      <Empty title={words.empty} action={action}>
        {words.emptyHint}
      </Empty>
    )
  return (
    <Empty
      title={words.nothing}
      action={
        <Button variant="default" onClick={onClear}>
          {words.clear}
        </Button>
      }
    />
  )
}

/** Where something is to be chosen first. */
export function Hint({ children }: { children: ReactNode }) {
  return (
    <Text c="dimmed" size="sm" ta="center" py={48} px="md">
      {children}
    </Text>
  )
}

export function NotFound() {
  return (
    <Empty title={states.notFound} action={<Link to="/app">{states.home}</Link>}>
      {states.notFoundHint}
    </Empty>
  )
}

export function Refused({ role }: { role: string }) {
  return <Empty title={states.refused}>{states.refusedHint(role)}</Empty>
}
