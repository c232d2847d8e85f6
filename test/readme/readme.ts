/** Takes the README apart: files that its snippets are, and commands with the output that it shows. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export interface Snippet {
  readonly path: string
  readonly text: string
}

export interface Session {
  readonly command: string
  readonly output: string
}

const file = fileURLToPath(new URL('../../README.md', import.meta.url))
export const readme = readFileSync(file, 'utf8')

function fences(): { readonly info: string; readonly text: string }[] {
  return [...readme.matchAll(/^```(\S.*)\n([\s\S]*?)^```$/gm)].map((match) => ({
    info: match[1] ?? '',
    text: match[2] ?? '',
  }))
}

export const snippets: Snippet[] = fences().flatMap(({ info, text }) => {
  const path = info.match(/title="(.+)"/)?.[1]
  return path === undefined ? [] : [{ path, text }]
})

export const sessions: Session[] = fences().flatMap(({ info, text }) => {
  if (info !== 'console') return []
  const [command = '', ...output] = text.split('\n')
  return [{ command: command.replace(/^\$ /, ''), output: output.join('\n') }]
})

export const plans: string[] = fences().flatMap(({ info, text }) =>
  info === 'text'
    ? text
        .trim()
        .split('\n')
        .map((line) => line.split(/\s{3,}/)[0] ?? '')
    : [],
)

/** Wall time is the one thing that differs from run to run; a long one stands on a line of its own. */
export function timeless(output: string): string {
  return output.replace(/(?: · |\n)\d+(\.\d+)? s$/gm, ' · TIME').trimEnd()
}
