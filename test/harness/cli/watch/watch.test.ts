/** `agent-chaos run --watch`: what is run again and when, what is said of it, and how it ends. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Watch, waitForStop, watchWith } from '../../../fixtures/cli/watching.js'

const [a, b] = ['scenarios/a.chaos.ts', 'scenarios/b.chaos.ts']
const shop: Watch = {
  files: [],
  contents: {
    [a]: "import '../src/a.js'",
    [b]: "import '../src/b.js'",
    'src/a.ts': "import './shared.js'",
    'src/b.ts': "import './shared.js'",
    'src/shared.ts': '',
  },
}

describe('agent-chaos run --watch', () => {
  it('runs all at first, and then what a change touches', async () => {
    const { runs } = await watchWith({
      ...shop,
      steps: [({ change }) => change('src/b.ts'), ({ change }) => change('src/shared.ts', 'src/a.ts')],
    })
    expect(runs).toEqual([[a, b], [b], [a, b]])
  })

  it('runs all again where no scenario loads what changed, and for a configuration that it reads anew', async () => {
    const seeds: number[] = []
    const { runs } = await watchWith({
      ...shop,
      steps: [
        ({ change, cwd }) => {
          writeFileSync(join(cwd, 'agent-chaos.config.json'), '{ "seed": 7 }')
          change('agent-chaos.config.json')
        },
        ({ change }) => change('prompt.md'),
      ],
      during: (_run, _desk, { seed }) => void seeds.push(seed),
    })
    expect(runs).toEqual([
      [a, b],
      [a, b],
      [a, b],
    ])
    expect(seeds).toEqual([1, 7, 7])
  })

  it('runs failures first, whatever else is touched, and puts what passes again back', async () => {
    const { runs } = await watchWith({
      ...shop,
      failing: (run) => (run < 3 ? [b] : []),
      steps: [
        ({ change }) => change('src/shared.ts'),
        ({ change }) => change('src/shared.ts'),
        ({ change }) => change('src/shared.ts'),
      ],
    })
    expect(runs).toEqual([
      [a, b],
      [b, a],
      [b, a],
      [a, b],
    ])
  })

  it('leaves alone what git ignores, unless a scenario loads it, and whatever was not asked for', async () => {
    const { runs } = await watchWith({
      ...shop,
      ignored: ['agent.log', 'src/a.ts'],
      steps: [({ change }) => change('agent.log', 'other.chaos.ts', 'src/a.test.ts', 'src/a.ts')],
    })
    expect(runs).toEqual([[a, b], [a]])
  })

  it('leaves alone the reports that it writes', async () => {
    const { runs } = await watchWith({
      ...shop,
      args: ['--json', 'out.json', '--reporter', 'html=page.html'],
      steps: [({ change }) => change('out.json', 'page.html', 'src/b.ts')],
    })
    expect(runs).toEqual([[a, b], [b]])
  })

  it('runs a scenario that is new, and forgets one that is gone', async () => {
    const { runs, stderr, code } = await watchWith({
      ...shop,
      failing: (run) => (run === 2 ? ['scenarios/c.chaos.ts'] : []),
      steps: [
        ({ change, cwd }) => {
          writeFileSync(join(cwd, 'scenarios/c.chaos.ts'), '')
          change('scenarios/c.chaos.ts')
        },
        ({ change, cwd }) => {
          rmSync(join(cwd, 'scenarios/c.chaos.ts'))
          change('scenarios/c.chaos.ts')
        },
      ],
    })
    expect(runs).toEqual([[a, b], ['scenarios/c.chaos.ts']])
    expect(stderr.match(/watching .*/g)).toEqual([
      'watching 2 scenario files and 3 files that they load; Ctrl-C ends',
      'watching 3 scenario files, 1 of which did not pass, and 3 files that they load; Ctrl-C ends',
      'watching 2 scenario files and 3 files that they load; Ctrl-C ends',
    ])
    expect(code).toBe(0)
  })

  it('watches what a scenario loads from elsewhere', async () => {
    const { added } = await watchWith({
      ...shop,
      folder: 'packages/agent',
      contents: {
        'packages/agent/scenarios/a.chaos.ts': "import '../../lib/lib.js'",
        'packages/lib/lib.ts': '',
        'package.json': '{}',
      },
    })
    expect(added.filter((file) => /lib\.ts$/.test(file))).toHaveLength(1)
    expect(added.some((file) => /agent-chaos-cli-[^/]+\/package\.json$/.test(file))).toBe(true)
  })

  it('stops a run for a change that touches something, and begins again with both', async () => {
    const { runs, stdout, stderr } = await watchWith({
      ...shop,
      steps: [({ change }) => change('src/a.ts')],
      during: async (run, { change }, options) => {
        if (run !== 2) return
        change('src/b.ts')
        await waitForStop(options)
      },
    })
    expect(runs).toEqual([[a, b], [a], [a, b]])
    // What was stopped is reported neither as interrupted nor at all.
    expect(stdout).not.toContain('interrupted')
    expect(stdout.match(/scenarios? passed/g)).toHaveLength(2)
    expect(stderr).toContain('src/b.ts changed: this run is stopped\n')
    expect(stderr).toContain('src/b.ts changed: running all 2 scenario files\n')
  })

  it('goes on with a run for a change that touches nothing', async () => {
    const { runs } = await watchWith({
      ...shop,
      during: (run, { change }, { signal }) => {
        if (run === 1) change('other.chaos.ts', 'src/a.test.ts')
        expect(signal.aborted).toBe(false)
      },
    })
    expect(runs).toEqual([[a, b]])
  })

  it('comes to rest where the agent itself writes a file in every run, and says so', async () => {
    const { runs, stderr } = await watchWith({
      ...shop,
      during: (_run, { change }) => change('agent.log'),
      steps: [({ change }) => change('src/a.ts')],
    })
    expect(runs).toEqual([[a, b], [a, b], [a, b], [a]])
    expect(stderr.match(/agent\.log changes in every run.*/g)).toHaveLength(1)
  })

  it('tells a mistake in the configuration, and goes on when it is fixed', async () => {
    const configuration =
      (text: string): NonNullable<Watch['steps']>[number] =>
      ({ change, cwd }) => {
        writeFileSync(join(cwd, 'agent-chaos.config.json'), text)
        change('agent-chaos.config.json')
      }
    const { runs, stderr, code } = await watchWith({
      ...shop,
      steps: [configuration('{ "seed": "x" }'), configuration('{ "seed": 2 }')],
    })
    expect(stderr).toContain('agent-chaos: agent-chaos.config.json:1: seed: expected a whole number')
    expect({ runs, code }).toEqual({
      runs: [
        [a, b],
        [a, b],
      ],
      code: 0,
    })
  })

  it('writes the reports that were asked for after every run', async () => {
    const names: string[][] = []
    const note = (cwd: string) => {
      const { scenarios } = JSON.parse(readFileSync(join(cwd, 'out.json'), 'utf8')) as { scenarios: { name: string }[] }
      names.push(scenarios.map(({ name }) => name))
    }
    await watchWith({
      ...shop,
      args: ['--json', 'out.json'],
      steps: [
        ({ change, cwd }) => {
          note(cwd)
          change('src/b.ts')
        },
        ({ ctrlC, cwd }) => {
          note(cwd)
          ctrlC()
        },
      ],
    })
    expect(names).toEqual([[a, b], [b]])
  })

  it('says that there is nothing to run where no scenario that was touched has a name that --grep asks for', async () => {
    const { stdout, stderr, code } = await watchWith({
      ...shop,
      args: ['-t', 'b.chaos'],
      steps: [({ change }) => change('src/a.ts')],
    })
    expect(stderr).toContain('nothing to run: no scenario in it has a name that --grep asks for\n')
    expect(stdout.match(/scenarios? passed/g)).toHaveLength(1)
    expect(code).toBe(0)
  })
})

describe('the end of a watch', () => {
  it.each([
    ['0 where all passed when they were run last', (run: number) => (run === 1 ? [a] : []), 'src/a.ts', 0],
    ['1 where one failed that was not run again', (run: number) => (run === 1 ? [a] : []), 'src/b.ts', 1],
    ['1 where one failed in the last run', (run: number) => (run === 2 ? [b] : []), 'src/b.ts', 1],
  ])('exits with %s', async (_what, failing, changed, code) => {
    const ended = await watchWith({ ...shop, failing, steps: [({ change }) => change(changed)] })
    expect(ended.code).toBe(code)
    expect(ended.stderr).not.toContain('interrupted')
  })

  it('comes by Ctrl-C in a run as to any run: it is reported and the code is 130; once more kills', async () => {
    const killed: number[] = []
    const { code, stdout, stderr, runs } = await watchWith({
      ...shop,
      onKill: (exitCode) => killed.push(exitCode),
      during: async (_run, { ctrlC }, options) => {
        const end = waitForStop(options)
        ctrlC()
        await end
        expect(killed).toEqual([])
        ctrlC()
      },
    })
    expect({ code, killed, runs }).toEqual({ code: 130, killed: [130], runs: [[a, b]] })
    expect(stderr).toContain('once more ends it at once')
    expect(stdout).toContain('? interrupted')
  })

  it('is that of an interrupted run where a change had stopped it already', async () => {
    const { code, runs, stdout } = await watchWith({
      ...shop,
      during: async (_run, { change, ctrlC }, options) => {
        change('src/a.ts')
        await waitForStop(options)
        ctrlC()
      },
    })
    expect({ code, runs, stdout }).toEqual({ code: 130, runs: [[a, b]], stdout: '' })
  })

  it.each([
    [['--shard', '1/2'], '--watch and --shard exclude each other: what a shard finds is judged when all are merged'],
    [['--print-config'], '--watch and --print-config exclude each other: it runs nothing'],
    [['nowhere'], 'no such file or folder: nowhere'],
    [['--json', 'scenarios'], '--json scenarios cannot be written: it must be a file'],
  ])('comes before it begins with %j', async (args, message) => {
    const { code, runs, stderr } = await watchWith({ ...shop, args })
    expect({ code, runs }).toEqual({ code: 2, runs: [] })
    expect(stderr).toContain(`agent-chaos: ${message}`)
  })

  it('cannot be in a configuration, which holds for everybody', async () => {
    const contents = { ...shop.contents, 'agent-chaos.config.json': '{ "watch": true }' }
    const { code, stderr } = await watchWith({ ...shop, contents })
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'agent-chaos: agent-chaos.config.json:1: "watch" is for the command line alone\n',
    })
  })
})

describe('a watch on a terminal', () => {
  const escapeCharacter = String.fromCharCode(27)
  const cleared = `${escapeCharacter}[2J${escapeCharacter}[H`

  it('runs all by Enter, what did not pass by f, and ends by q', async () => {
    const { runs, code } = await watchWith({
      ...shop,
      isTTY: true,
      failing: () => [b],
      steps: [({ press }) => press('\r'), ({ press }) => press('f'), ({ press }) => press('q')],
    })
    expect({ runs, code }).toEqual({ runs: [[a, b], [b, a], [b]], code: 1 })
  })

  it('ends by Ctrl-C and Ctrl-D, which are keys there', async () => {
    for (const key of ['\u0003', '\u0004']) {
      const { runs, code } = await watchWith({ ...shop, isTTY: true, steps: [({ press }) => press(key)] })
      expect({ runs, code }).toEqual({ runs: [[a, b]], code: 0 })
    }
  })

  it('clears the screen before each run but the first, and says last what can be pressed', async () => {
    const { stderr } = await watchWith({
      ...shop,
      isTTY: true,
      env: { NO_COLOR: '1' },
      failing: (run) => (run === 2 ? [b] : []),
      steps: [({ change }) => change('src/b.ts'), ({ press }) => press('q')],
    })
    const [first = '', second = '', ...more] = stderr.split(cleared)
    expect(more).toEqual([])
    expect(first).toMatch(/watching 2 scenario files and 3 files that they load\nEnter runs all · q ends\n$/)
    expect(second).toMatch(/^src\/b\.ts changed: running 1 of 2 scenario files\n/)
    expect(second).toMatch(/\nEnter runs all · f what did not pass · q ends\n$/)
  })

  it('writes no control sequence elsewhere, and asks for no keys', async () => {
    const { stderr, stdout } = await watchWith({ ...shop, steps: [({ change }) => change('src/b.ts')] })
    expect(stderr + stdout).not.toContain(escapeCharacter)
    expect(stderr).not.toContain('Enter')
  })

  it('neutralises control characters in the names of files', async () => {
    const { stderr } = await watchWith({ ...shop, steps: [({ change }) => change('a\u001b[2Jb.md')] })
    expect(stderr).toContain('ab.md changed: running all 2 scenario files\n')
  })
})
