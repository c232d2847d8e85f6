/** `agent-chaos run --watch` on real files, as somebody fixes an agent: it is told of saves, and runs what they touch. */
import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { main, root } from '../support/cli/command.js'

const scenario = (name: string) => `import { defineScenario, say, script } from 'agent-chaos'
import { agent } from '@app/${name}'

export default defineScenario({
  name: '${name}',
  task: 'Add one.',
  state: () => ({ sum: 0 }),
  world: ({ state }) => ({ tools: { add: () => void state.sum++ } }),
  model: script([say('Added.')]),
  agent: ({ tools }) => agent(tools.add),
  goal: ({ state }) => state.sum === 1,
})
`
/** Without any fault it reaches the goal, and so does the next one where it is broken into not doing so. */
const sound = "import { once } from './once.js'\nexport const agent = (add: () => unknown) => once(add)\n"
const broken = 'export const agent = async () => undefined\n'

function project(contents: Readonly<Record<string, string>>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'agent-chaos-watch-')))
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(root, join(folder, 'node_modules', 'agent-chaos'))
  execFileSync('git', ['init', '--quiet'], { cwd: folder })
  for (const [file, text] of Object.entries(contents)) write(folder, file, text)
  return folder
}

function write(folder: string, file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true })
  writeFileSync(join(folder, file), text)
}

interface Running {
  /** What was printed since the last time, once it waits for changes. */
  waits(): Promise<string>
  interrupt(): Promise<number | null>
}

function start(cwd: string): Running {
  const args = [main, 'run', '--watch', '--trials-max', '5', '--json', 'out.json']
  const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  let look = () => {}
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
      look()
    })
  }
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  return {
    waits: () =>
      new Promise((resolve, reject) => {
        look = () => {
          const end = /^watching .*\n/m.exec(output)
          if (!end) return
          const seen = output.slice(0, end.index + end[0].length)
          output = output.slice(seen.length)
          resolve(seen)
        }
        void ended.then((code) => reject(new Error(`ended with ${code}: ${output}`)))
        look()
      }),
    interrupt: () => {
      child.kill('SIGINT')
      return ended
    },
  }
}

/** The names of the scenarios that a report for people tells of, and how they did. */
function verdicts(output: string): Record<string, string> {
  const rows = output.matchAll(/^\S\s+(alpha|beta)\s+(passed|misconfigured|violated|inconclusive)/gm)
  return Object.fromEntries([...rows].map(([, name = '', verdict = '']) => [name, verdict]))
}

describe('agent-chaos run --watch', () => {
  it('runs what a save touches, as an agent is broken and fixed', async () => {
    const folder = project({
      '.gitignore': 'agent.log\n',
      'tsconfig.json': '{ "compilerOptions": { "paths": { "@app/*": ["./src/*"] } } }',
      'scenarios/alpha.chaos.ts': scenario('alpha'),
      'scenarios/beta.chaos.ts': scenario('beta'),
      'src/alpha.ts': sound,
      'src/beta.ts': sound,
      'src/once.ts': 'export const once = async (add: () => unknown) => void (await add())\n',
    })
    const watch = start(folder)
    try {
      const first = await watch.waits()
      const before = verdicts(first)
      expect(Object.keys(before)).toEqual(['alpha', 'beta'])
      expect(first).toContain('watching 2 scenario files')

      write(folder, 'src/beta.ts', broken)
      const second = await watch.waits()
      expect(second).toContain('src/beta.ts changed: running 1 of 2 scenario files\n')
      expect(verdicts(second)).toEqual({ beta: 'misconfigured' })

      // Neither what git ignores nor the report of the run before is a reason to run.
      write(folder, 'agent.log', 'a line')
      write(folder, 'src/beta.ts', sound)
      const third = await watch.waits()
      expect(third).toContain('src/beta.ts changed: running 1 of 2 scenario files\n')
      expect(verdicts(third)).toEqual({ beta: before.beta })

      rmSync(join(folder, 'src/once.ts'))
      const fourth = await watch.waits()
      expect(fourth).toContain('src/once.ts changed: running all 2 scenario files\n')
      expect(fourth).toContain('2 files failed')

      expect(await watch.interrupt()).toBe(2)
    } finally {
      await watch.interrupt()
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
