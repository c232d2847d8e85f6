/** The configuration file: what wins over what, where it is found, and one clear line for whatever is wrong in it. */
import { describe, expect, it } from 'vitest'
import type { CampaignOptions } from '../../../../harness/campaign/index.js'
import type { Config } from '../../../../harness/contracts/config.js'
import { invoke, type Setting } from '../../../fixtures/cli/command-line.js'
import { report } from '../../../fixtures/cli/report.js'

const config = (text: string, file = 'agent-chaos.config.ts'): Setting => ({ contents: { [file]: text } })

/** What the campaign is handed. */
async function optionsFor(args: readonly string[], setting: Setting): Promise<CampaignOptions> {
  let seen: CampaignOptions | undefined
  const runCampaign = async (options: CampaignOptions) => {
    seen = options
    return report()
  }
  const ended = await invoke(args, { ...setting, campaign: { runCampaign } })
  if (!seen) throw new Error(ended.stderr)
  return seen
}

/** The rows of `--print-config`, by option. */
async function printConfig(args: readonly string[], setting: Setting): Promise<Record<string, readonly string[]>> {
  const { stdout, code } = await invoke(['run', '--print-config', ...args], setting)
  expect(code).toBe(0)
  const rows = stdout.split('\n').map((line) => line.split(/\s{2,}/))
  return Object.fromEntries(rows.flatMap(([name = '', ...rest]) => (rest.length === 2 ? [[name, rest]] : [])))
}

const refusal = async (setting: Setting, args: readonly string[] = ['run']) => {
  const { code, stdout, stderr } = await invoke(args, setting)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(/^agent-chaos: [^\n]+\n$/)
  return stderr.slice('agent-chaos: '.length, -1)
}

describe('the configuration file', () => {
  it('may begin with the mark that editors on Windows set before a text', async () => {
    const setting = config('\uFEFF{ "seed": 7 }', 'agent-chaos.config.json')
    expect((await optionsFor(['run'], setting)).seed).toBe(7)
  })

  it('wins over the defaults, and the command line over it', async () => {
    const setting = config(
      'export default { seed: 7, trialsMax: 50, measure: false, trialTimeout: 1.5, grep: "refund" }',
    )
    expect(await optionsFor(['run'], setting)).toMatchObject({
      seed: 7,
      trialsMax: 50,
      measure: false,
      trialTimeout: 1.5,
      grep: 'refund',
      random: 0,
    })
    const args = ['run', '--seed', '8', '--trials-max', '60', '--measure', '--trial-timeout', '2', '-t', 'notify']
    expect(await optionsFor(args, setting)).toMatchObject({
      seed: 8,
      trialsMax: 60,
      measure: true,
      trialTimeout: 2,
      grep: 'notify',
    })
  })

  it('can say everything that the options of a run can, by their names', async () => {
    const everything: Required<Config> = {
      paths: ['agents'],
      providers: [],
      endpoints: {},
      minCoverage: 80,
      failures: 'failures.json',
      only: 'refund, tool/slow',
      skip: 'http:*',
      maxTime: 60,
      depth: 'swarm',
      seed: 3,
      workers: 2,
      trialsMax: 11,
      random: 12,
      measure: false,
      measureTrials: 13,
      gate: 'fixed',
      sweep: [0, 0.1],
      sweepTrials: 20,
      trialTimeout: 14,
      strict: true,
      networkNamespace: true,
      memoryMax: 155,
      grep: 'x',
      tag: ['slow'],
      known: 'known.json',
      bail: true,
      json: 'r.json',
      otlp: 't.json',
      reporter: ['html', 'junit=x.xml'],
      passWithNoScenarios: true,
      coverage: true,
      verbose: true,
      quiet: true,
      color: true,
    }
    const setting: Setting = {
      files: ['agents/a.chaos.ts'],
      contents: { 'agent-chaos.config.json': JSON.stringify(everything, null, 1) },
    }
    const rows = await printConfig(['--no-color'], setting)
    // What only the command line can say is left out; whatever else a run takes must be there, and in the type.
    expect(
      Object.keys(rows)
        .filter((name) => !['option', 'shard', 'queue', 'lastFailed', 'resume', 'updateKnown'].includes(name))
        .sort(),
    ).toEqual(Object.keys(everything).sort())
    for (const [index, [name, value]] of Object.entries(everything).entries()) {
      if (name === 'color') continue
      expect([name, rows[name]]).toEqual([
        name,
        [JSON.stringify(value), expect.stringMatching(/^agent-chaos\.config\.json:\d+$/)],
      ])
      if (index > 0) expect(rows[name]?.[1]).toMatch(/:\d+$/)
    }
    expect(rows.color).toEqual(['false', 'command line'])
  })

  it('turns on what the command line can turn off', async () => {
    const setting = config('export default { bail: true, quiet: true, coverage: true, passWithNoScenarios: true }')
    const rows = await printConfig(['--no-bail', '--no-quiet', '--no-coverage', '--no-pass-with-no-scenarios'], setting)
    for (const name of ['bail', 'quiet', 'coverage', 'passWithNoScenarios']) {
      expect(rows[name]).toEqual(['false', 'command line'])
    }
  })

  it.each([
    ['ts', 'export default { seed: 7 } satisfies { seed: number }'],
    ['mts', 'export default { seed: 7 as number }'],
    ['cts', 'const seed: number = 7\nmodule.exports = { seed }'],
    ['js', 'export default { seed: 7 }'],
    ['mjs', 'const seed = await Promise.resolve(7)\nexport default { seed }'],
    ['cjs', 'module.exports = { seed: 7 }'],
    ['json', '{ "seed": 7 }'],
  ])('may be agent-chaos.config.%s', async (extension, text) => {
    expect(await optionsFor(['run'], config(text, `agent-chaos.config.${extension}`))).toMatchObject({ seed: 7 })
  })

  it('says its paths from its own folder, wherever the command is run', async () => {
    const setting: Setting = {
      files: ['agents/deep/a.chaos.ts', 'agents/b.chaos.ts', 'work/here/c.chaos.ts'],
      contents: { 'agent-chaos.config.ts': "export default { paths: ['agents/**/*.chaos.ts'] }" },
    }
    const names = ({ files }: CampaignOptions) => files.map((file) => file.split('/').at(-1))
    expect(names(await optionsFor(['run'], setting))).toEqual(['b.chaos.ts', 'a.chaos.ts'])
    expect(names(await optionsFor(['run'], { ...setting, folder: 'work/here' }))).toEqual(['b.chaos.ts', 'a.chaos.ts'])
    expect(names(await optionsFor(['run', '.'], { ...setting, folder: 'work/here' }))).toEqual(['c.chaos.ts'])
  })

  it('is read by the other commands that run trials, for what they have in common', async () => {
    const seeds: number[] = []
    const setting: Setting = {
      ...config("export default { seed: 7, json: 'never.json', trialTimeout: 3 }"),
      campaign: {
        inspect: async (_file, { seed, trialTimeout }) => {
          seeds.push(seed, trialTimeout)
          return { name: 'x', task: 't', canary: null, tags: [], sites: [], invariants: [], broken: null }
        },
        replayFile: async (_file, { seed, trialTimeout }) => {
          seeds.push(seed, trialTimeout)
          throw new Error('seen')
        },
      },
    }
    const listed = await invoke(['list'], setting)
    await invoke(['replay', 'scenarios/refund.chaos.ts'], setting)
    await invoke(['replay', 'scenarios/refund.chaos.ts', '--seed', '9'], setting)
    expect(seeds).toEqual([7, 3, 7, 3, 9, 3])
    expect(listed.stdout).toContain('x')
    expect((await invoke(['list', '--faults'], config("export default { paths: ['agents'] }"))).code).toBe(0)
  })
})

describe('it is found', () => {
  const above: Setting = {
    files: [],
    contents: { 'agent-chaos.config.ts': 'export default { seed: 7 }' },
    folder: 'a/b',
  }

  it('in the nearest folder upward', async () => {
    expect((await printConfig([], above)).seed).toEqual(['7', '../../agent-chaos.config.ts:1'])
    const nearer = { ...above.contents, 'a/agent-chaos.config.mjs': 'export default {\n  seed: 8,\n}' }
    expect((await printConfig([], { ...above, contents: nearer })).seed).toEqual(['8', '../agent-chaos.config.mjs:2'])
  })

  it('not beyond the folder that holds .git', async () => {
    const setting = { ...above, files: ['a/.git/HEAD'] }
    expect((await printConfig([], setting)).seed).toEqual(['1', 'default'])
    const beside = { ...above.contents, 'a/agent-chaos.config.mjs': 'export default { seed: 8 }' }
    expect((await printConfig([], { ...setting, contents: beside })).seed?.[0]).toBe('8')
  })

  it('where --config says, and nowhere with --no-config', async () => {
    const setting = { ...above, contents: { ...above.contents, 'ci/gate.json': '{"seed": 9}' } }
    expect((await printConfig(['--config', '../../ci/gate.json'], setting)).seed).toEqual(['9', '../../ci/gate.json:1'])
    expect((await printConfig(['--no-config'], setting)).seed).toEqual(['1', 'default'])
  })

  it('once in a folder, or not at all', async () => {
    const contents = { 'agent-chaos.config.ts': 'export default {}', 'agent-chaos.config.json': '{}' }
    expect(await refusal({ contents })).toMatch(
      / has both agent-chaos\.config\.ts and agent-chaos\.config\.json: keep one of them$/,
    )
  })
})

describe('what is wrong in it', () => {
  const file = 'agent-chaos.config.ts'

  it.each([
    ['{ trailsMax: 3 }', 'a configuration has no option "trailsMax". Did you mean "trialsMax"?'],
    ['{ zzzzzzzzzzzz: 3 }', 'a configuration has no option "zzzzzzzzzzzz"'],
    ["{ seed: '7' }", 'seed: expected a whole number from 0 to 9007199254740991, got "7"'],
    ['{ workers: 1.5 }', 'workers: expected a whole number from 1 to 512, got 1.5'],
    ['{ trialTimeout: Infinity }', 'trialTimeout: expected a number from 0.1 to 86400, got Infinity'],
    ['{ measure: 0 }', 'measure: expected true or false, got 0'],
    ["{ bail: 'yes' }", 'bail: expected true or false, got "yes"'],
    ['{ grep: /x/ }', 'grep: expected a string, got an object'],
    ['{ json: true }', 'json: expected a string, got true'],
    ["{ paths: 'scenarios' }", 'paths: expected an array of files, folders or globs, got "scenarios"'],
    ["{ paths: ['a', null] }", 'paths: expected an array of files, folders or globs, got ["a", null]'],
    ["{ gate: 'sequental' }", 'gate: expected sequential or fixed, got "sequental"'],
    ['{ sweep: 0.1 }', 'sweep: expected an array of numbers from 0 to 1, got 0.1'],
    ['{ sweep: [0, 2] }', 'sweep: expected an array of numbers from 0 to 1, got [0, 2]'],
    ['{ sweepTrials: 9 }', 'sweepTrials: expected a whole number from 10 to 1000000, got 9'],
    ['{ seed: () => 7 }', 'seed: expected a whole number from 0 to 9007199254740991, got a function'],
    ["{ shard: '1/2' }", '"shard" is for the command line alone'],
    ["{ paths: ['missing'] }", 'no such file or folder: missing'],
  ])('is told with its line: %s', async (options, message) => {
    expect(await refusal(config(`// seed, measure: see the README\nexport default ${options}`))).toBe(
      `${file}:2: ${message}`,
    )
  })

  it.each([
    ['export default () => ({})', `${file}: expected options, as defineConfig() returns them, got a function`],
    ['export const seed = 7', `${file}: expected options, as defineConfig() returns them, got no default export`],
    ['export default []', `${file}: expected options, as defineConfig() returns them, got an array`],
    ['export default {\n  seed: 7', /^agent-chaos\.config\.ts:\d+:\d+: does not compile: /],
    ["import './nothing.js'\nexport default {}", /^agent-chaos\.config\.ts.*could not be loaded: .*nothing\.js/],
    ["throw new Error('no')", /^agent-chaos\.config\.ts:1: could not be loaded: no$/],
  ])('is told where there are no options at all: %s', async (text, message) => {
    expect(await refusal(config(text))).toMatch(message)
  })

  it('is told of JSON, in one line', async () => {
    const message = await refusal(config('{\n  "seed": 7\n  "bail": true\n}', 'agent-chaos.config.json'))
    expect(message).toMatch(/^agent-chaos\.config\.json:3: expected options, and this is not JSON: /)
    expect(await refusal(config('[1]', 'agent-chaos.config.json'))).toMatch(/got an array$/)
  })

  it.each([
    [['run', '--config', 'nothing.ts'], '--config nothing.ts: no such file'],
    [['run', '--config', 'scenarios'], '--config scenarios: a file is expected, and this is a folder'],
    [
      ['run', '--config', 'notes.txt'],
      '--config notes.txt: expected a file that ends with .ts, .mts, .cts, .js, .mjs, .cjs, .json',
    ],
  ])('is told of %j', async (args, message) => {
    expect(await refusal({ files: ['scenarios/refund.chaos.ts', 'notes.txt'] }, args)).toBe(message)
  })

  it('fails the commands that take little of it too', async () => {
    expect(await refusal(config('export default { trailsMax: 3 }'), ['list'])).toContain('Did you mean "trialsMax"?')
  })
})

describe('--print-config', () => {
  it('shows every value with where it comes from, and runs nothing', async () => {
    const runCampaign = () => Promise.reject(new Error('it ran'))
    const { code, stdout } = await invoke(['run', '--print-config', '--seed', '3', '--shard', '2/5', '--no-measure'], {
      ...config('export default {\n  trialsMax: 50,\n}'),
      campaign: { runCampaign },
    })
    expect(code).toBe(0)
    expect(stdout).toBe(
      [
        'configuration file agent-chaos.config.ts',
        '',
        'option               value          from',
        'paths                ["scenarios"]  default',
        'seed                 3              command line',
        'json                 not set        default',
        'otlp                 not set        default',
        'reporter             not set        default',
        'coverage             false          default',
        'verbose              false          default',
        'quiet                false          default',
        'color                not set        default',
        'workers              4              default',
        'trialsMax            50             agent-chaos.config.ts:2',
        'maxTime              not set        default',
        'depth                "1"            default',
        'random               0              default',
        'measure              false          command line',
        'measureTrials        2000           default',
        'gate                 not set        default',
        'sweep                []             default',
        'sweepTrials          200            default',
        'trialTimeout         10             default',
        'memoryMax            1024           default',
        'grep                 not set        default',
        'tag                  not set        default',
        'lastFailed           false          default',
        'resume               false          default',
        'known                not set        default',
        'updateKnown          false          default',
        'failures             not set        default',
        'minCoverage          not set        default',
        'only                 not set        default',
        'skip                 not set        default',
        'networkNamespace     false          default',
        'bail                 false          default',
        'strict               false          default',
        'shard                2/5            command line',
        'queue                not set        default',
        'passWithNoScenarios  false          default',
        'providers            not set        default',
        'endpoints            not set        default',
        '',
      ].join('\n'),
    )
  })

  it('shows no password of a queue', async () => {
    const { stdout } = await invoke(['run', '--print-config', '--queue', 'redis://me:a-long-secret@host:6379'])
    expect(stdout).toMatch(/queue +"redis:\/\/host:6379" +command line/)
  })

  it('says where there is no file', async () => {
    expect((await invoke(['run', '--print-config'])).stdout).toMatch(/^no configuration file\n/)
  })
})
