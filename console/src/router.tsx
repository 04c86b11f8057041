import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { queryClient, sessionQuery } from './api/query.ts'
import { mayAct, type Session } from './api/session.ts'
import { SEARCH } from './parts/address.ts'
import { Failure, NotFound, Refused } from './parts/states.tsx'
import { SCREENS } from './screen.ts'
import { Shell } from './shell/shell.tsx'
import { texts } from './texts.ts'

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound })

const start = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/app', replace: true })
  },
})

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/app/sign-in',
  // Whole, however long: half an address names other sub-accounts.
  validateSearch: (raw: Record<string, unknown>) => ({ to: typeof raw.to === 'string' ? raw.to : undefined }),
  component: lazyRouteComponent(() => import('./shell/sign-in.tsx'), 'SignIn'),
})

const accept = createRoute({
  getParentRoute: () => root,
  path: '/app/accept',
  component: lazyRouteComponent(() => import('./shell/accept.tsx'), 'Accept'),
})

const setUp = createRoute({
  getParentRoute: () => root,
  path: '/app/setup',
  component: lazyRouteComponent(() => import('./shell/set-up.tsx'), 'SetUp'),
})

/** Where somebody begins: the first screen of the menu that is for their role. */
const homeOf = (session: Session): string =>
  SCREENS.find(({ menu, role }) => menu !== undefined && mayAct(session, role))?.menu?.to ?? '/app'

const shell = createRoute({
  getParentRoute: () => root,
  path: '/app',
  component: Shell,
  notFoundComponent: NotFound,
  beforeLoad: async ({ location }) => {
    const session = await queryClient.ensureQueryData(sessionQuery)
    if (session === null)
      throw redirect({
        to: '/app/sign-in',
        search: location.href === '/app' ? {} : { to: location.href },
        replace: true,
      })
    const home = homeOf(session)
    if (/^\/app\/?$/.test(location.pathname) && home !== '/app') throw redirect({ to: home, replace: true })
    return { session }
  },
})

const pages = SCREENS.map((screen, index) => {
  // Whoever may not open a screen is told so at its address, whatever the page itself would ask.
  const gate = createRoute({
    getParentRoute: () => shell,
    id: `screen-${index}`,
    component: () =>
      mayAct(shell.useRouteContext().session, screen.role) ? <Outlet /> : <Refused role={screen.role} />,
  })
  return gate.addChildren(screen.routes(gate))
})

export const router = createRouter({
  routeTree: root.addChildren([start, signIn, accept, setUp, shell.addChildren(pages)]),
  ...SEARCH,
  defaultPreload: 'intent',
  // What did not come, as the server was away, is not asked for again but by a page that begins anew.
  defaultErrorComponent: ({ error }) => (
    <Failure
      error={/preload|import/.test(String(error)) ? texts.states.part : error}
      onRetry={() => location.reload()}
    />
  ),
  defaultPendingMs: 400,
  scrollRestoration: true,
})
