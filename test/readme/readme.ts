/** Takes README and docs apart: files that their snippets are, and commands with the output that they show. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../support/cli/command.js'

export interface Snippet {
  readonly path: string
  readonly text: string
}

export interface Session {
  /** The page that shows it. */
  readonly file: string
  readonly command: string
  readonly output: string
}

export interface Page {
  /** From the root. */
  readonly file: string
  readonly text: string
}

const docs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.md'))
  .map((file) => `docs/${file}`)
  .sort()

export const pages: readonly Page[] = ['README.md', ...docs].map((file) => ({
  file,
  text: readFileSync(join(root, file), 'utf8'),
}))

export function textOf(file: string): string {
  const page = pages.find((one) => one.file === file)
  if (!page) throw new Error(`${file} is no page`)
  return page.text
}

interface Fence {
  readonly file: string
  readonly info: string
  readonly text: string
}

const fences: readonly Fence[] = pages.flatMap(({ file, text }) =>
  [...text.matchAll(/^```(\S.*)\n([\s\S]*?)^```$/gm)].map(([, info = '', inner = '']) => ({ file, info, text: inner })),
)

export const snippets: Snippet[] = fences.flatMap(({ info, text }) => {
  const path = info.match(/title="(.+)"/)?.[1]
  return path === undefined || info.startsWith('diff') ? [] : [{ path, text }]
})

export const sessions: Session[] = fences.flatMap(({ file, info, text }) => {
  if (info !== 'console') return []
  const [command = '', ...output] = text.split('\n')
  return [{ file, command: command.replace(/^\$ /, ''), output: output.join('\n') }]
})

export const plans: string[] = fences.flatMap(({ file, info, text }) =>
  file === 'docs/plans.md' && info === 'text' && !text.includes(':=')
    ? text
        .trim()
        .split('\n')
        .map((line) => line.split(/\s{3,}/)[0] ?? '')
    : [],
)

/** Wall time differs from run to run; a long one stands on a line of its own. */
export function timeless(output: string): string {
  return output.replace(/(?: · |\n)\d+(\.\d+)? s(?=$| · )/gm, ' · TIME').trimEnd()
}

/** Nor does it matter here by which version it was printed, and whether that stands on a line of its own. */
export function versionless(output: string): string {
  return timeless(output).replace(/(?: · |\n)agent-chaos \d\S*$/gm, ' · agent-chaos VERSION')
}
