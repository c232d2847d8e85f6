/** What is looked at before any scenario: the machine and the project. */
import { execFile } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { isUserError, withPlace } from '../../contracts/errors.js'
import type { Io } from '../context.js'
import { inTests, lookAt } from '../init/project.js'

export interface Diagnosis {
  /** A `note` is in nobody's way. */
  readonly kind: 'good' | 'bad' | 'note'
  readonly text: string
  readonly notes?: readonly string[]
}

/** The oldest Node that runs this package. */
const least = [20, 20] as const

export async function machineChecks({ env, cwd }: Io): Promise<Diagnosis[]> {
  return [
    nodeCheck(process.version, 'this process'),
    ...(await nodeOnPath()),
    ...platformNotes(process.platform),
    ...hookCheck(env),
    ...copyCheck(cwd),
  ]
}

function nodeCheck(version: string, whose: string): Diagnosis {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number)
  const isNew = major > least[0] || (major === least[0] && minor >= least[1])
  if (isNew) return { kind: 'good', text: `Node ${version} (${whose})` }
  return { kind: 'bad', text: `Node ${version} (${whose}): expected ${least.join('.')} or later` }
}

/** Bun and Deno run trials by it. */
function nodeOnPath(): Promise<Diagnosis[]> {
  return new Promise((resolve) => {
    execFile('node', ['--version'], (error, stdout) => {
      const version = stdout.trim()
      if (error)
        resolve([{ kind: 'note', text: 'no node on the path: from Bun and Deno no worker process can be started' }])
      else resolve(version === process.version ? [] : [nodeCheck(version, 'on the path')])
    })
  })
}

/** What a system does not tell, or cannot do. */
export function platformNotes(platform: NodeJS.Platform): Diagnosis[] {
  if (platform === 'linux') return []
  const waiting = 'waiting for a processor is not told from working: raise --trial-timeout on a busy machine'
  if (platform !== 'win32') return [{ kind: 'note', text: `${platform}: ${waiting}` }]
  return [
    { kind: 'note', text: `${platform}: ${waiting}` },
    { kind: 'note', text: 'win32: --memory-max bounds the heap of V8 alone, and not what is beside it' },
    {
      kind: 'note',
      text: 'win32: what an agent starts is not ended with its worker, for there are no groups of processes',
    },
    {
      kind: 'note',
      text: 'win32: a run that is killed leaves its temporary files, which a run of the next day removes',
    },
    {
      kind: 'note',
      text: 'win32: commands are printed as bash and PowerShell 7 take them; cmd takes quotes in another way',
    },
  ]
}

/** Worker processes inherit it. */
function hookCheck({ NODE_OPTIONS = '' }: Io['env']): Diagnosis[] {
  if (!/--(import|require|loader|experimental-loader)\b|(^|\s)-r\b/.test(NODE_OPTIONS)) return []
  const why = 'what it loads runs before the stubs of time and network, so clients that it makes bypass them'
  return [{ kind: 'note', text: `NODE_OPTIONS loads modules into every worker process (${NODE_OPTIONS}): ${why}` }]
}

const own = createRequire(import.meta.url).resolve('agent-chaos/package.json')

/** A scenario imports the copy that its project has, and the command is another one where it is installed elsewhere. */
function copyCheck(cwd: string): Diagnosis[] {
  let found: string
  try {
    found = createRequire(join(cwd, 'package.json')).resolve('agent-chaos/package.json')
  } catch {
    return [{ kind: 'bad', text: 'agent-chaos is not installed in this project: npm install --save-dev agent-chaos' }]
  }
  const { version } = createRequire(import.meta.url)(found) as { readonly version: string }
  const same = realpathSync(found) === realpathSync(own)
  if (same) return [{ kind: 'good', text: `agent-chaos ${version}` }]
  return [{ kind: 'bad', text: `this command is not the agent-chaos ${version} that the project has: run it by npx` }]
}

export function projectChecks(cwd: string): Diagnosis[] {
  try {
    const { modules, typescript, runner, agent } = lookAt(cwd)
    const seen = [modules, typescript ? 'TypeScript' : 'JavaScript', ...(runner ? [runner] : [])]
    const found: Diagnosis[] = [{ kind: 'good', text: `package.json: ${seen.join(', ')}` }]
    if (runner) found.push({ kind: 'note', text: inTests[runner] })
    if (agent !== undefined) found.push({ kind: 'note', text: `the agent may be ${agent}` })
    return found
  } catch (error) {
    if (!isUserError(error)) throw error
    return [{ kind: 'bad', text: withPlace(error) }]
  }
}
