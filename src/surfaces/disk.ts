import { stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../config.ts'

const MB = 2 ** 20

export interface Disk {
  folder: string
  free: string
  isLow: boolean
}

/** What to do about a disk that is low. */
export const MAKE_ROOM =
  'Make room, or writes will be refused; never inside data/postgres (docs/operations.md, "When the disk is full")'

/**
 * The disks of the data folder and of the embedded database: one, unless somebody has put them on two. A database from
 * outside looks after its own.
 */
export async function lookAtDisks({ data, databaseUrl, diskFreeMb }: Config): Promise<Disk[]> {
  const disks = new Map<number, Disk>()
  for (const folder of databaseUrl === undefined ? [data, join(data, 'postgres')] : [data]) {
    // Not made yet, or not this process's to see.
    const device = await stat(folder).catch(() => null)
    const disk = device === null ? null : await statfs(folder).catch(() => null)
    if (device === null || disk === null || disks.has(device.dev)) continue
    // What is kept for root is of no use to the database.
    const free = disk.bavail * disk.bsize
    disks.set(device.dev, {
      folder,
      free: `${sizeOf(free)} of ${sizeOf(disk.blocks * disk.bsize)}`,
      isLow: free < diskFreeMb * MB,
    })
  }
  return [...disks.values()]
}

const sizeOf = (bytes: number) =>
  bytes < 1024 * MB ? `${Math.floor(bytes / MB)} MB` : `${(bytes / MB / 1024).toFixed(1)} GB`
