import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { parseSync } from 'oxc-parser'

const CONSOLE = resolve(import.meta.dirname, '../../console/src')

/** Attributes that people read, or hear. */
const READ =
  /^(label|title|placeholder|aria-label|description|alt|lead|legend|hint|error|message|all)$|Label$|Message$|^labelOf$/
const hasWords = (text: string) => /\p{L}{2}/u.test(text)
/** Said to people wherever it stands: a capital letter, and more than one word. */
const isSentence = (text: string) => /^\p{Lu}\p{L}*,? \p{L}/u.test(text)

interface Node {
  type: string
  start: number
  end: number
  [name: string]: unknown
}
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value

/** Words that an expression comes to as they stand in it, whichever way it goes. */
function wordsIn(node: unknown): Node[] {
  if (!isNode(node)) return []
  const at = (...names: string[]) => names.flatMap((name) => wordsIn(node[name]))
  switch (node.type) {
    case 'JSXText':
    case 'Literal':
      return typeof node.value === 'string' && hasWords(node.value) ? [node] : []
    case 'TemplateLiteral':
      return (node.quasis as { value: { raw: string } }[]).some(({ value }) => hasWords(value.raw)) ? [node] : []
    case 'ConditionalExpression':
      return at('consequent', 'alternate')
    case 'LogicalExpression':
      return at('left', 'right')
    case 'JSXExpressionContainer':
      return at('expression')
    case 'ArrowFunctionExpression':
      return at('body')
    default:
      return []
  }
}

/** What a property of an object is called, with quotes or without. */
function keyOf({ key }: Node): string {
  const { name, value } = key as { name?: unknown; value?: unknown }
  return String(name ?? value)
}

/** Words that a component shows or says, and that stand in it. */
function shownIn(value: unknown): Node[] {
  if (Array.isArray(value)) return value.flatMap(shownIn)
  return isNode(value) ? [...shownBy(value), ...Object.values(value).flatMap(shownIn)] : []
}

function shownBy(node: Node): Node[] {
  switch (node.type) {
    case 'JSXElement':
    case 'JSXFragment':
      return (node.children as unknown[]).flatMap(wordsIn)
    case 'JSXAttribute':
      return READ.test(String((node.name as { name?: unknown }).name)) ? wordsIn(node.value) : []
    case 'Property':
      return READ.test(keyOf(node)) ? wordsIn(node.value) : []
    case 'Literal':
      return isSentence(String(node.value)) ? [node] : []
    case 'TemplateLiteral':
      return (node.quasis as { value: { raw: string } }[]).some(({ value }) => isSentence(value.raw)) ? [node] : []
    default:
      return []
  }
}

test('what people read in the console stands in texts of their own, and not among the code', () => {
  const files = readdirSync(CONSOLE, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.tsx'))
  assert.ok(files.length > 100)
  const found = files.flatMap((name) => {
    const source = readFileSync(join(CONSOLE, name), 'utf8')
    const { program, errors } = parseSync(name, source)
    assert.deepEqual(errors, [], name)
    const lines = shownIn(program).map(({ start, end }) => {
      const line = source.slice(0, start).split('\n').length
      return `${name}:${line} ${source.slice(start, end).trim()}`
    })
    return [...new Set(lines)]
  })
  assert.deepEqual(found, [])
})
