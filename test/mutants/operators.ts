/**
 * The mutants of one file: each is the file with one small mistake of a kind that people make. They are found in its syntax
 * tree, and made in its text. What no program can tell apart, words above all, is left alone.
 */
import { parseAst } from 'vitest/node'

export interface Mutant {
  readonly file: string
  readonly line: number
  readonly operator: string
  /** The line that it is in, as it was. */
  readonly code: string
  readonly before: string
  readonly after: string
  readonly start: number
  readonly end: number
}

/** A node of ESTree, as far as it matters here. */
interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [field: string]: unknown
}

interface Change {
  readonly operator: string
  readonly start: number
  readonly end: number
  readonly after: string
}

const swapped: Readonly<Record<string, string>> = {
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '===': '!==',
  '!==': '===',
  '+': '-',
  '-': '+',
  '*': '/',
  '/': '*',
  '&&': '||',
  '||': '&&',
  '??': '&&',
}

/** In the order in which they stand. */
export function mutantsOf(file: string, text: string): Mutant[] {
  const tree = parseAst(text) as unknown as Node
  const changes: Change[] = []
  visit(tree, undefined, text, changes)
  return changes
    .sort((left, right) => left.start - right.start || left.operator.localeCompare(right.operator))
    .map(({ operator, start, end, after }) => {
      const before = text.slice(start, end)
      const line = text.slice(0, start).split('\n').length
      const code = (text.split('\n')[line - 1] ?? '').trim()
      return { file, line, operator, code, before, after, start, end }
    })
}

export function mutate(text: string, { start, end, after }: Mutant): string {
  return text.slice(0, start) + after + text.slice(end)
}

/** It names a mutant where lines have moved, too. */
export function nameOf({ file, line, operator, before, after }: Mutant): string {
  return `${file}:${line} ${operator}: ${short(before)} -> ${short(after)}`
}

function short(text: string): string {
  const flat = text.replace(/\s+/g, ' ').trim()
  return flat === '' ? 'nothing' : flat.length > 60 ? `${flat.slice(0, 57)}...` : flat
}

/** Nothing is changed in what only words are made of, or what an error says. */
const untouched = new Set(['ImportDeclaration', 'ThrowStatement', 'ExportAllDeclaration', 'TemplateElement'])

function visit(node: Node, parent: Node | undefined, text: string, changes: Change[]): void {
  if (untouched.has(node.type)) return
  changes.push(...changesAt(node, parent, text))
  for (const [field, value] of Object.entries(node)) {
    if (field === 'parent') continue
    for (const child of Array.isArray(value) ? value : [value]) {
      if (isNode(child)) visit(child, node, text, changes)
    }
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string'
}

function changesAt(node: Node, parent: Node | undefined, text: string): Change[] {
  const whole = (operator: string, after: string): Change => ({ operator, start: node.start, end: node.end, after })
  const source = (part: unknown) => (isNode(part) ? text.slice(part.start, part.end) : '')
  switch (node.type) {
    case 'IfStatement':
    case 'ConditionalExpression':
    case 'WhileStatement': {
      const test = node.test as Node
      return [{ operator: 'negate', start: test.start, end: test.end, after: `!(${source(test)})` }]
    }
    case 'BinaryExpression':
    case 'LogicalExpression': {
      const to = swapped[String(node.operator)]
      return to === undefined ? [] : [whole('swap', `((${source(node.left)}) ${to} (${source(node.right)}))`)]
    }
    case 'UnaryExpression':
      return node.operator === '!' ? [whole('drop not', `(${source(node.argument)})`)] : []
    case 'UpdateExpression':
      return [
        whole('count', text.slice(node.start, node.end).replace('++', '\0').replace('--', '++').replace('\0', '--')),
      ]
    case 'Literal':
      return literalChanges(node.value, whole, parent)
    case 'ExpressionStatement':
      return isSuper(node) || node.directive !== undefined ? [] : [whole('drop statement', ';')]
    case 'ContinueStatement':
    case 'BreakStatement':
      return parent?.type === 'SwitchCase' ? [] : [whole('drop statement', ';')]
    case 'ReturnStatement':
      return isNode(node.argument) && source(node.argument) !== 'undefined' ? [whole('return nothing', 'return;')] : []
    case 'MemberExpression': {
      const property = node.property as Node
      const to = property.name === 'some' ? 'every' : property.name === 'every' ? 'some' : undefined
      return to ? [{ operator: 'swap', start: property.start, end: property.end, after: to }] : []
    }
    case 'BlockStatement':
      return isBody(parent) && (node.body as Node[]).length > 1
        ? [{ operator: 'return early', start: node.start + 1, end: node.start + 1, after: 'return;' }]
        : []
    default:
      return []
  }
}

function literalChanges(value: unknown, whole: (operator: string, after: string) => Change, parent: Node | undefined) {
  if (parent?.type === 'Property' && parent.computed !== true && parent.key === value) return []
  if (typeof value === 'boolean') return [whole('constant', String(!value))]
  if (typeof value === 'number') return [whole('constant', String(value + 1))]
  return []
}

function isSuper({ expression }: Node): boolean {
  return isNode(expression) && isNode(expression.callee) && expression.callee.type === 'Super'
}

/** Of a function that is no constructor. */
function isBody(parent: Node | undefined): boolean {
  return (
    parent !== undefined &&
    ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'].includes(parent.type)
  )
}
