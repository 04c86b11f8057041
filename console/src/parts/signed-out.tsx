import { Button, Group, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { onlineManager } from '@tanstack/react-query'
import { HEADERS } from '../api/headers.ts'
import { currentSession, type Session } from '../api/session.ts'
import { texts } from './texts.ts'

const { signedOut: words } = texts

const ID = 'signed-out'
let isTold = false

/** Who is signed in by now; null: nobody; undefined: it could not be asked. */
async function askWho(): Promise<string | null | undefined> {
  const answer = await fetch('/session', { headers: HEADERS }).catch(() => undefined)
  if (answer?.ok) return ((await answer.json()) as Session).person.id
  return answer?.status === 401 ? null : undefined
}

/** Somebody signed in again, in another window: all goes on, or begins anew where it is somebody else. */
async function lookAgain(): Promise<void> {
  const who = await askWho()
  if (!who) return
  if (who !== currentSession()?.person.id) return window.location.reload()
  isTold = false
  window.removeEventListener('focus', lookAgain)
  notifications.hide(ID)
  onlineManager.setOnline(true)
}

/**
 * A request was refused to whoever it came from. Where that is nobody any more, it is told, and nothing is asked until
 * it goes on; where it is somebody else, who has signed in in another window, the page begins anew as theirs.
 */
export async function lookWhoIsSignedIn(): Promise<void> {
  if (isTold) return
  const who = await askWho()
  if (isTold || who === undefined || who === currentSession()?.person.id) return
  if (who !== null) return window.location.reload()
  isTold = true
  onlineManager.setOnline(false)
  window.addEventListener('focus', lookAgain)
  const to = encodeURIComponent(window.location.pathname + window.location.search)
  notifications.show({
    id: ID,
    color: 'red',
    autoClose: false,
    withCloseButton: false,
    role: 'alert',
    message: (
      <Stack gap="xs">
        <Text size="sm">{words.text}</Text>
        <Group gap="xs">
          <Button component="a" size="xs" href="/app/sign-in" target="_blank">
            {words.there}
          </Button>
          <Button component="a" size="xs" variant="default" href={`/app/sign-in?to=${to}`}>
            {words.here}
          </Button>
        </Group>
      </Stack>
    ),
  })
}
