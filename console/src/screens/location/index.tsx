import { IconBuildingStore } from '@tabler/icons-react'
import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import type { Screen } from '../../screen.ts'
import { assetAddress, listAddress, locationAddress } from './address.ts'
import { menu } from './menu.ts'

export const screen: Screen = {
  role: 'client',
  menu: { ...menu, icon: IconBuildingStore, to: '/app/locations', order: 50 },
  routes: (shell) => [
    createRoute({
      getParentRoute: () => shell,
      path: 'locations',
      validateSearch: listAddress,
      component: lazyRouteComponent(() => import('./list.tsx'), 'LocationList'),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: 'locations/$locationId',
      validateSearch: locationAddress,
      component: lazyRouteComponent(() => import('./location.tsx'), 'Location'),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: 'locations/$locationId/assets/$kind/$assetId',
      validateSearch: assetAddress,
      component: lazyRouteComponent(() => import('./asset.tsx'), 'AssetPage'),
    }),
  ],
}
