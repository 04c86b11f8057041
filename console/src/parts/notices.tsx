import { Button, Code, Group, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import type { ReactNode } from 'react'
import { CallError } from '../api/call.ts'
import { texts } from '../texts.ts'

/** Says what could not be done, with its trace id; it stays until it is closed. */
export function showFailure(error: unknown): void {
  const traceId = error instanceof CallError ? error.traceId : null
  notifications.show({
    color: 'red',
    autoClose: false,
    role: 'alert',
    closeButtonProps: { 'aria-label': texts.close },
    message: (
      <>
        <Text size="sm">{error instanceof Error ? error.message : String(error)}</Text>
        {traceId !== null && (
          <Text size="xs" c="dimmed" mt={4}>
            {texts.states.trace} <Code>{traceId}</Code>
          </Text>
        )}
      </>
    ),
  })
}

/** What was said last to be done. */
let said: string | undefined

/** Says that something was done. */
export function showDone(message: ReactNode): void {
  said = notifications.show({ color: 'plate', message, closeButtonProps: { 'aria-label': texts.close } })
}

/** It is tried again, and may end otherwise: what was said of the last time holds no more. */
export function hideDone(): void {
  if (said !== undefined) notifications.hide(said)
  said = undefined
}

/** Long enough to read what was done and to think better of it. */
const UNDO_MS = 12_000

/** Says that something was done, and takes it back on a click. */
export const showUndo = (message: string, undo: () => void): void => showWith(message, texts.undo, undo)

/** Says that something is done that whoever began it has left, and leads to it on a click. */
export const showMeanwhile = (go: () => void): void => showWith(texts.meanwhile, texts.show, go)

function showWith(message: string, label: string, act: () => void): void {
  const id = notifications.show({
    color: 'plate',
    autoClose: UNDO_MS,
    closeButtonProps: { 'aria-label': texts.close },
    message: (
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Text size="sm" dir="auto">
          {message}
        </Text>
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => {
            notifications.hide(id)
            act()
          }}
        >
          {label}
        </Button>
      </Group>
    ),
  })
}
