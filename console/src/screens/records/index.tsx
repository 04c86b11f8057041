import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import type { Screen } from '../../screen.ts'
import { listAddress, makeAddress, recordAddress } from './address.ts'

/** It is entered from a sub-account, and so has no entry in the menu. */
export const screen: Screen = {
  role: 'client',
  routes: (shell) => [
    createRoute({
      getParentRoute: () => shell,
      path: 'locations/$locationId/records',
      validateSearch: listAddress,
      component: lazyRouteComponent(() => import('./list.tsx'), 'RecordList'),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: 'locations/$locationId/records/$kind/new',
      validateSearch: makeAddress,
      component: lazyRouteComponent(() => import('./edit.tsx'), 'RecordMake'),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: 'locations/$locationId/records/$kind/$recordId/edit',
      component: lazyRouteComponent(() => import('./edit.tsx'), 'RecordEdit'),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: 'locations/$locationId/records/$kind/$recordId',
      validateSearch: recordAddress,
      component: lazyRouteComponent(() => import('./record.tsx'), 'RecordPage'),
    }),
  ],
}
