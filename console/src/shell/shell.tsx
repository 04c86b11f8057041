import { AppShell, Burger, Group, ScrollArea, Text, UnstyledButton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Link, Outlet, useRouteContext, useRouterState } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useState } from 'react'
import { mayAct, type Session } from '../api/session.ts'
import { SCREENS } from '../screen.ts'
import { texts } from '../texts.ts'
import { Account } from './account.tsx'
import { Mark } from './mark.tsx'
import { PaletteButton } from './palette-button.tsx'
import { PutOff } from './put-off.tsx'
import { useShortcuts } from './shortcuts.ts'

// Neither is needed to show a screen.
const Palette = lazy(() => import('./palette.tsx'))
const Keys = lazy(() => import('./keys.tsx'))

/** The frame around all screens: menu, palette, shortcuts, account. */
export function Shell() {
  const { session } = useRouteContext({ strict: false }) as { session: Session }
  const [isOpen, menu] = useDisclosure(false)
  const [shown, setShown] = useState<'palette' | 'keys' | null>(null)
  const path = useRouterState({ select: (state) => state.location.pathname })
  // biome-ignore lint/correctness/useExhaustiveDependencies: it closes when the address changes
  useEffect(() => menu.close(), [path])
  useShortcuts(setShown)
  return (
    <AppShell
      // While the menu slid aside in a narrowed window, the page beside it was wider than the window.
      transitionDuration={0}
      padding={{ base: 'sm', sm: 'lg' }}
      header={{ height: 52, collapsed: false, offset: true }}
      navbar={{ width: 224, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
    >
      <a className="skip-link" href="#content">
        {texts.skip}
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap" gap="xs">
          <Group gap="xs" wrap="nowrap">
            <Burger opened={isOpen} onClick={menu.toggle} hiddenFrom="sm" size="sm" aria-label={texts.menu} />
            <UnstyledButton component={Link} to="/app" aria-label={texts.product}>
              <Group gap={8} wrap="nowrap">
                <Mark />
                <Text fw={650} visibleFrom="xs">
                  {texts.product}
                </Text>
              </Group>
            </UnstyledButton>
          </Group>
          <Group gap="xs" wrap="nowrap">
            <PaletteButton onOpen={() => setShown('palette')} />
            <Account session={session} />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label={texts.menu}>
        <AppShell.Section grow component={ScrollArea}>
          {SCREENS.filter((screen) => screen.menu !== undefined && mayAct(session, screen.role)).map(({ menu }) => {
            const { to, label, icon: Icon } = menu as NonNullable<typeof menu>
            return (
              <Link key={to} to={to} className="shell-link" activeOptions={{ exact: to === '/app' }}>
                <Icon size={18} stroke={1.7} aria-hidden />
                {label}
              </Link>
            )
          })}
        </AppShell.Section>
        <AppShell.Section>
          <Text size="xs" c="dimmed" px="xs" className="one-line" title={session.company.name}>
            {session.company.name}
          </Text>
        </AppShell.Section>
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        <Outlet />
      </AppShell.Main>
      <PutOff />
      <Suspense>
        {shown === 'palette' && <Palette session={session} onClose={() => setShown(null)} />}
        {shown === 'keys' && <Keys onClose={() => setShown(null)} />}
      </Suspense>
    </AppShell>
  )
}
