/** Runs the built command as a user would, in a process of its own. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../../', import.meta.url))
export const main = fileURLToPath(new URL('../../../dist/harness/cli/main.js', import.meta.url))

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface CommandOptions {
  /** Another build's than that of this checkout. */
  readonly command?: string
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** Called with the process once it runs. */
  readonly running?: (pid: number, output: () => string) => void
}

/** The command with its arguments; it never rejects for an exit code. */
export function agentChaos(args: readonly string[], options: CommandOptions = {}): Promise<Ended> {
  return execute(process.execPath, [options.command ?? main, ...args], options)
}

/** A line as it was printed, run by a shell; `npx agent-chaos` stands for the build under test. */
export function shell(line: string, options: CommandOptions = {}): Promise<Ended> {
  return execute('sh', ['-c', line.replace(/^npx agent-chaos/, `"${process.execPath}" "${main}"`)], options)
}

/** Any program, by nobody's environment but what is needed. */
export function execute(
  file: string,
  args: readonly string[],
  { cwd = root, env = {}, running }: CommandOptions,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk) => {
      stdout += chunk
    })
    child.stderr.on('data', (chunk) => {
      stderr += chunk
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
    if (child.pid !== undefined) running?.(child.pid, () => stdout + stderr)
  })
}

/** What a command says of a mistake itself, without the page that it names. */
export function withoutPage(stderr: string): string {
  return stderr.replace(/^Read more in .+\n/m, '')
}
