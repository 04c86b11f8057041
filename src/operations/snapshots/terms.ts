import { Type } from 'typebox'
import { Id } from '../schemas.ts'

// What operations on snapshots have in common: who may call them, and what they take.
const common = { category: 'Snapshots', token: 'agency' } as const
export const reads = { ...common, access: 'read', scope: ['snapshots.readonly', 'snapshots.write'] } as const
export const writes = { ...common, access: 'write', scope: 'snapshots.write' } as const
export const one = { companyId: Id(), snapshotId: Id() }
export const Version = () => Type.Optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647 }))
export const Named = { kind: Type.String(), lineage: Type.String(), name: Type.String() }
