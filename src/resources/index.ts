import type { AssetResource } from '../store/resource.ts'
import { forms } from './forms.ts'

/** Every kind of asset. The order here is the order of lists; pushes follow the references instead. */
export const RESOURCES: ReadonlyMap<string, AssetResource> = new Map([forms as AssetResource].map((resource) => [resource.kind, resource]))
