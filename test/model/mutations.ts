// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is code, with placeholders of its own
/**
 * A rule of docs/decisions/0011 switched off by one change of the code. The model test must notice (`npm run
 * test:mutations`).
 */
export interface Mutation {
  rule: string
  file: string
  /** Stands exactly once in the file. */
  code: string
  instead: string
}

export const MUTATIONS: readonly Mutation[] = [
  {
    rule: 'a capture names an asset by its own lineage',
    file: 'src/snapshots/capture.ts',
    code: 'select kind, id, lineage, name, key, hash, false as dependency from asset',
    instead: `select kind, id,
        coalesce((select l.lineage from asset_alias l where l.location_id = asset.location_id and l.kind = asset.kind
        and l.id = asset.id
        order by l.created_at desc limit 1), lineage) as lineage, name, key, hash, false as dependency from asset`,
  },
  {
    rule: 'documents of a location name things by its own lineages',
    file: 'src/snapshots/identity.ts',
    code: 'if (!this.names.concerns(locationId, asset, mentions[index] as string[])) continue',
    instead: 'if (mentions.length >= 0) continue',
  },
  {
    rule: 'an incoming lineage reaches at most one asset, and no asset is reached by two of a version',
    file: 'src/snapshots/identify.ts',
    code: '        if (link === winner) continue\n',
    instead: '        if (link !== undefined) continue\n',
  },
  {
    rule: 'what was pushed last belongs to the pair of lineage and asset',
    file: 'src/snapshots/decide.ts',
    code: 'case when b.id is null then a.base_hash when l.id = b.id then l.base_hash end as base',
    instead:
      'case when b.id is null then a.base_hash else (select base_hash from asset where location_id = p.location_id ' +
      'and kind = ${kind} and id = b.id) end as base',
  },
  {
    rule: 'what another snapshot brought too stays when one drops it',
    file: 'src/snapshots/remove.ts',
    code: 'if (others.length > 0)\n',
    instead: 'if (others.length > 1_000_000)\n',
  },
  {
    rule: 'what the client had before the first push is handed back',
    file: 'src/snapshots/remove.ts',
    code: "if (deletions !== 'all' && isClients)",
    instead: "if (deletions !== 'all' && isClients && mine === '')",
  },
  {
    rule: 'keys are settled before anything is written',
    file: 'src/snapshots/keys.ts',
    code: 'if (real.length === 0) return taken',
    instead: 'if (real.length >= 0) return taken',
  },
  {
    rule: 'names that swap arrive as meant',
    file: 'src/snapshots/keys.ts',
    code: '(move === undefined || taken.has(move))',
    instead: '(move === undefined || byId.size > 0)',
  },
  {
    rule: 'a key that several have, or several claim, is ambiguous',
    file: 'src/snapshots/comers.ts',
    code: 'if (group.length === 1 && byCandidate.get(assetOf(first))?.length === 1)',
    instead: 'if (byCandidate.size > 0)',
  },
  {
    rule: 'parts that bear the same name are one part',
    file: 'src/snapshots/merge-match.ts',
    code: 'else if (candidates.length === 1 && others.length === 1) pair(',
    instead: 'else if (candidates.length === 1 && others.length === 1 && label === null) pair(',
  },
  {
    rule: 'a stage that opportunities stand in stays, with its id',
    file: 'src/snapshots/stages.ts',
    code: 'if (gone.length === 0) return',
    instead: 'if (gone.length >= 0) return',
  },
  {
    rule: 'local values follow their part by identity',
    file: 'src/store/assets/local-values.ts',
    code: 'const at = elements.findIndex((element) => element?.id === partId(name))',
    instead: "const at = partId(name) === '' ? -1 : 0",
  },
  {
    rule: 'an answer of a person goes before everything',
    file: 'src/snapshots/answers.ts',
    code: 'if (choices.size === 0) return {',
    instead: 'if (choices.size >= 0) return {',
  },
  {
    rule: 'an answer can be taken back',
    file: 'src/snapshots/answers.ts',
    code: '      if (had !== undefined) dropped.add(name)\n',
    instead: '      if (had !== undefined && candidate !== undefined) dropped.add(name)\n',
  },
  {
    rule: 'what comes back has the id it had',
    file: 'src/snapshots/decide.ts',
    code: 'coalesce(removed_id, ${derivedIdSql(resource)})',
    instead: '(${derivedIdSql(resource)})',
  },
  {
    rule: 'what a client deleted stays deleted',
    file: 'src/snapshots/decide.ts',
    code: "when id is null and removed is not null and policy <> 'override' then",
    instead: "when id is null and removed is not null and policy = 'skip' then",
  },
  {
    rule: 'a roll-back takes the pairs back that its push had made',
    file: 'src/snapshots/undo.ts',
    code: 'using old o where o.pairs and o.by_alias and o.led is null',
    instead: 'using old o where false and o.alias is null',
  },
  {
    rule: 'what a roll-back of single assets has undone is left out by every later one',
    file: 'src/snapshots/rollback-parts.ts',
    code: 'isOpen: ({ locationId, kind, lineage }) => !undone.has(`${push.id}/${locationId}/${kind}/${lineage}`)',
    instead: "isOpen: ({ lineage }) => lineage !== '' || !undone.has('')",
  },
  {
    rule: 'what a roll-back has kept is undone by another one that is about that alone',
    file: 'src/snapshots/rollback-rest.ts',
    code: 'if (restOf === undefined) return () => true',
    instead: "if (restOf === undefined || restOf !== '') return () => true",
  },
  {
    rule: 'a conflict outlives versions that change something else',
    file: 'src/snapshots/conflict-fields.ts',
    code: '!agree(valuesAt(at, target, source), at))\n      open.set(',
    instead: 'covering.length > 0)\n      open.set(',
  },
  {
    rule: 'a conflict is over once both sides say the same',
    file: 'src/snapshots/conflict-fields.ts',
    code: '!agree(valuesAt(at, target, source), at))\n      open.set(',
    instead: 'at !== part)\n      open.set(',
  },
  {
    rule: 'a decision means its part by identity',
    file: 'src/operations/snapshots/decisions.ts',
    code: 'path: field.at ?? field.path,',
    instead: 'path: field.path,',
  },
]
