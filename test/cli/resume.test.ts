/** A run that was killed, and goes on: `--resume`. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { agentChaos, root } from '../support/cli/command.js'
import { makePayer } from '../support/cli/payer.js'
import { stable } from '../support/stable.js'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'agent-chaos-resume-'))
  await makePayer(folder)
})

afterAll(() => rm(folder, { recursive: true }))

const cache = () => join(folder, 'node_modules', '.cache', 'agent-chaos')
const journals = () => (existsSync(cache()) ? readdirSync(cache()).filter((name) => name.startsWith('journal')) : [])
const args = ['run', '.', '--no-config', '--failures', 'failures.json', '--random', '400', '--seed', '3']

function run(json: string, ...more: string[]) {
  return agentChaos([...args, '--json', json, ...more], { cwd: folder })
}

/** Kills the run, or asks it to end, once its journal has grown to so many bytes. */
function stopAt(bytes: number, signal: 'SIGKILL' | 'SIGINT') {
  return agentChaos([...args, '--json', 'cut.json'], {
    cwd: folder,
    running: (pid) => {
      const look = setInterval(() => {
        const [name] = journals()
        if (name === undefined || statSync(join(cache(), name)).size < bytes) return
        clearInterval(look)
        process.kill(pid, signal)
      }, 1)
    },
  })
}

const resultIn = (json: string) => stable(JSON.parse(readFileSync(join(folder, json), 'utf8')))

describe('a run that was cut off', () => {
  it('goes on to the report of one that was not, killed or asked to end', async () => {
    const { code } = await run('whole.json')
    expect(code).toBe(1)
    expect(journals()).toEqual([])
    await rm(join(folder, 'failures.json'))
    for (const [bytes, signal] of [
      [20_000, 'SIGKILL'],
      [60_000, 'SIGINT'],
    ] as const) {
      const cut = await stopAt(bytes, signal)
      expect(journals()).toHaveLength(1)
      if (signal === 'SIGINT') expect(cut.stderr).toContain('the same command with --resume goes on from here')
      const resumed = await run('resumed.json', '--resume')
      expect(resumed.stderr).toMatch(/goes on with the run that was cut off: [1-9]\d* trials are done/)
      expect(resumed.code).toBe(code)
      expect(resultIn('resumed.json')).toEqual(resultIn('whole.json'))
      expect(journals()).toEqual([])
      await rm(join(folder, 'failures.json'))
    }
  })

  it('runs again what stands in its journal from a line on that was altered, and refuses one whose beginning was', async () => {
    await stopAt(60_000, 'SIGKILL')
    const path = join(cache(), journals()[0] ?? '')
    const lines = readFileSync(path, 'utf8').split('\n')
    const passes = lines.with(4, lines[4]?.replace('violated', 'held') ?? '').with(5, lines[6] ?? '')
    await writeFile(path, passes.join('\n'))
    const resumed = await run('resumed.json', '--resume')
    expect(resumed.stderr).toMatch(/journal-\w+\.jsonl:[56] was altered: what stood from there on is run again/)
    expect(resumed.code).toBe(1)
    expect(resultIn('resumed.json')).toEqual(resultIn('whole.json'))
    await rm(join(folder, 'failures.json'))

    await writeFile(
      path,
      lines
        .with(0, lines[0]?.replace('--', '-') ?? '')
        .join('\n')
        .replace('"pid"', '"pip"'),
    )
    const refused = await run('resumed.json', '--resume')
    expect(refused.stderr).toMatch(
      /journal-\w+\.jsonl:[12]: --resume: expected the journal of a run as agent-chaos wrote it, got a line that was altered/,
    )
    expect(refused.code).toBe(2)
    await rm(path)
  })

  it('is refused where something else stands in place of its journal, and a new run does without', async () => {
    await stopAt(20_000, 'SIGKILL')
    const path = join(cache(), journals()[0] ?? '')
    await rm(path)
    await mkdir(path)
    const { code, stderr } = await run('resumed.json', '--resume')
    expect(stderr).toContain(': --resume: the journal cannot be read and written: it is a folder (EISDIR)')
    expect(code).toBe(2)
    expect((await run('anew.json')).code).toBe(1)
    await rm(path, { recursive: true })
    await rm(join(folder, 'failures.json'))
  })

  it('is refused where the code is another by now, and the file is named', async () => {
    await stopAt(20_000, 'SIGKILL')
    await writeFile(join(folder, 'price.ts'), 'export const price = 4300\n')
    const { code, stderr } = await run('resumed.json', '--resume')
    expect(code).toBe(2)
    expect(stderr).toContain('this code is no longer what was run: price.ts.')
    const anew = await run('anew.json')
    expect(anew.stderr).toContain('such a run was cut off here; --resume would have gone on with it')
    expect(anew.code).toBe(1)
  })

  it('must be there', async () => {
    const { code, stderr } = await run('resumed.json', '--resume')
    expect(code).toBe(2)
    expect(stderr).toContain('no run of these files with these options was cut off here')
  })

  it('must have ended: one that goes on is left alone', async () => {
    let refused: ReturnType<typeof spawnSync> | undefined
    await agentChaos([...args, '--json', 'first.json'], {
      cwd: folder,
      running: (pid) => {
        const look = setInterval(() => {
          const [name] = journals()
          // Not before it says who writes it.
          if (name === undefined || statSync(join(cache(), name)).size < 5_000) return
          clearInterval(look)
          const command = [join(root, 'dist/harness/cli/main.js'), ...args, '--json', 'second.json', '--resume']
          process.kill(pid, 'SIGSTOP')
          refused = spawnSync(process.execPath, command, { cwd: folder, encoding: 'utf8' })
          process.kill(pid, 'SIGCONT')
        }, 1)
      },
    })
    expect(refused?.status).toBe(2)
    expect(refused?.stderr).toContain('that run is still going, in process')
  })
})
