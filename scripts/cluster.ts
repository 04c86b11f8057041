import type pg from 'pg'
import { administer } from '../test/support/database.ts'

/** The other nodes of the cluster whose coordinator this is, as addresses of servers; empty: it is no cluster. */
export async function nodesOf(url: string): Promise<string[]> {
  const nodes: string[] = []
  await administer(url, async (client) => {
    const { rows: there } = await client.query(`select to_regclass('pg_catalog.pg_dist_node') is not null as yes`)
    if (!there[0]?.yes) return
    const { rows } = await client.query(
      'select nodename, nodeport from pg_dist_node where groupid > 0 order by groupid',
    )
    for (const { nodename, nodeport } of rows)
      nodes.push(Object.assign(new URL(url), { hostname: nodename, port: String(nodeport) }).href)
  })
  return nodes
}

/** Makes one cluster of databases of this name, one on each node. */
export async function joinNodes(server: string, nodes: readonly string[], name: string): Promise<void> {
  const at = (url: string) => Object.assign(new URL(url), { pathname: `/${name}` })
  for (const url of [server, ...nodes]) {
    if (url !== server) await administer(url, (client) => client.query(`create database ${name}`))
    await administer(at(url).href, (client) => client.query('create extension citus'))
  }
  await administer(at(server).href, async (client) => {
    const { hostname, port } = new URL(server)
    await client.query('select citus_set_coordinator_host($1, $2)', [hostname, Number(port)])
    for (const url of nodes)
      await client.query('select citus_add_node($1, $2)', [new URL(url).hostname, Number(new URL(url).port)])
  })
}

/** Lets nobody in any more, so that it can be cloned: a daemon of the cluster stays in every database otherwise. */
export async function close(servers: readonly string[], name: string): Promise<void> {
  for (const url of servers)
    await administer(url, async (client: pg.Client) => {
      await client.query(`alter database ${name} allow_connections false`)
      await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name])
      // A daemon says good-bye in its own time.
      for (let tries = 0; tries < 200; tries++) {
        const { rows } = await client.query('select 1 from pg_stat_activity where datname = $1', [name])
        if (rows.length === 0) return
        await client.query('select pg_sleep(0.05)')
      }
    })
}
