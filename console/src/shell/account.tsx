import { Avatar, Menu, Text, UnstyledButton, useMantineColorScheme, VisuallyHidden } from '@mantine/core'
import { IconCheck, IconDeviceDesktop, IconLogout, IconMoon, IconSun, IconUserCircle } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { send } from '../api/call.ts'
import type { Session } from '../api/session.ts'
import { showFailure } from '../parts/notices.tsx'
import { texts } from '../texts.ts'

const SCHEMES = [
  ['light', texts.account.light, IconSun],
  ['dark', texts.account.dark, IconMoon],
  ['auto', texts.account.auto, IconDeviceDesktop],
] as const

const initialsOf = (name: string) =>
  name
    .split(/\s+/)
    .map((part) => [...part][0] ?? '')
    .slice(0, 2)
    .join('')
    .toUpperCase()

/** Nothing of the person stays in this window. */
async function signOut(): Promise<void> {
  try {
    await send('DELETE', '/session')
    window.location.assign('/app/sign-in')
  } catch (error) {
    showFailure(error)
  }
}

export function Account({ session: { person } }: { session: Session }) {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <Menu width={240} position="bottom-end">
      <Menu.Target>
        <UnstyledButton>
          <VisuallyHidden>{person.name || person.email}</VisuallyHidden>
          <Avatar size={32} color="plate" variant="filled" aria-hidden>
            {initialsOf(person.name || person.email)}
          </Avatar>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="sm" fw={600} c="var(--mantine-color-text)" dir="auto">
            {person.name}
          </Text>
          <Text size="xs" c="dimmed">
            {person.email} · {person.role}
          </Text>
        </Menu.Label>
        <Menu.Divider />
        <Menu.Label>{texts.account.scheme}</Menu.Label>
        {SCHEMES.map(([scheme, label, Icon]) => (
          <Menu.Item
            key={scheme}
            leftSection={<Icon size={16} aria-hidden />}
            rightSection={colorScheme === scheme ? <IconCheck size={16} aria-label={texts.account.chosen} /> : null}
            onClick={() => setColorScheme(scheme)}
          >
            {label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item
          component={Link}
          to={'/app/settings/account' as never}
          leftSection={<IconUserCircle size={16} aria-hidden />}
        >
          {texts.account.settings}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => void signOut()}>
          {texts.account.signOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
