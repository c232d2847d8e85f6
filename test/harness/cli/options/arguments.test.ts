/** The command line itself: help that teaches, and one clear line for whatever is wrong with it. */
import { describe, expect, it } from 'vitest'
import { invoke } from '../../../fixtures/cli/command-line.js'

describe('the command line', () => {
  it('prints the version', async () => {
    expect(await invoke(['--version'])).toEqual({ code: 0, stdout: '1.2.3\n', stderr: '' })
  })

  it.each([
    ['--help'],
    ['help', 'run'],
    ['run', '--help'],
    ['replay', '--help'],
    ['list', '--help'],
    ['merge', '--help'],
    ['compare', '--help'],
    ['explain', '--help'],
    ['selftest', '--help'],
    ['report', '--help'],
  ])('teaches by example: %s %s', async (...args) => {
    const { code, stdout, stderr } = await invoke(args.filter((arg) => arg !== undefined))

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain('Examples:')
  })

  it('explains the exit codes', async () => {
    const { stdout } = await invoke(['run', '--help'])

    for (const code of ['  0  ', '  1  ', '  2  ', '  3  ', ' 70  ', '130  ']) expect(stdout).toContain(code)
  })

  it('shows the help, and that nothing was asked for, without arguments', async () => {
    const { code, stderr } = await invoke([])

    expect(code).toBe(2)
    expect(stderr).toContain('Usage: agent-chaos')
  })

  it.each([
    [['rnu'], 'unknown command "rnu". Did you mean "run"?'],
    [['run', '--sed', '7'], 'unknown option "--sed". Did you mean "--seed"?'],
    [['run', '--zzzzzzzz'], 'unknown option "--zzzzzzzz". See agent-chaos run --help'],
    [['scenarios'], 'unknown command "scenarios". To run the scenarios in it: agent-chaos run scenarios'],
    [['explain'], 'missing required argument "name". See agent-chaos explain --help'],
    [['run', '--seed'], 'option "--seed <n>" argument missing. See agent-chaos run --help'],
    [['run', '--seed', 'x'], '--seed takes a whole number from 0 to 9007199254740991, not "x"'],
    [['run', '--seed', '1e3'], '--seed takes a whole number from 0 to 9007199254740991, not "1e3"'],
    [['run', '--seed', '-1'], '--seed takes a whole number from 0 to 9007199254740991, not "-1"'],
    [['run', '--seed='], '--seed takes a whole number from 0 to 9007199254740991, not ""'],
    [['run', '--workers', '0'], '--workers takes a whole number from 1 to 512, not "0"'],
    [['selftest', '--trials', '-1'], '--trials takes a whole number from 0 to 10000000, not "-1"'],
    [['selftest', 'scenarois'], 'no such file or folder: scenarois. Did you mean "scenarios"?'],
    [['run', '--trials-max', '1.5'], '--trials-max takes a whole number from 1 to 10000000, not "1.5"'],
    [['run', '--measure-trials', '0'], '--measure-trials takes a whole number from 1 to 1000000, not "0"'],
    [['run', '--gate', 'fixd'], '--gate takes sequential or fixed, not "fixd". Did you mean "fixed"?'],
    [['run', '--sweep', '0,1.5'], '--sweep takes a number from 0 to 1, not "1.5"'],
    [['run', '--sweep', ''], '--sweep takes a number from 0 to 1, not ""'],
    [['run', '--sweep-trials', '9'], '--sweep-trials takes a whole number from 10 to 1000000, not "9"'],
    [['run', '--trial-timeout', 'Infinity'], '--trial-timeout takes a number from 0.1 to 86400, not "Infinity"'],
    [['run', '--memory-max', '1'], '--memory-max takes a whole number from 64 to 1048576, not "1"'],
    [
      ['run', '--shard', '0/3'],
      '--shard takes a shard and how many there are, such as 3/10, each from 1 to 10000, not "0/3"',
    ],
    [
      ['run', '--shard', '4/3'],
      '--shard takes a shard and how many there are, such as 3/10, each from 1 to 10000, not "4/3"',
    ],
    [
      ['run', '--shard', '3'],
      '--shard takes a shard and how many there are, such as 3/10, each from 1 to 10000, not "3"',
    ],
    [['merge'], 'missing required argument "files". See agent-chaos merge --help'],
    [['run', 'scenarois'], 'no such file or folder: scenarois. Did you mean "scenarios"?'],
    [
      ['run', 'scenarios/refnd.chaos.ts'],
      'no such file or folder: scenarios/refnd.chaos.ts. Did you mean "scenarios/refund.chaos.ts"?',
    ],
    [
      ['replay', 'scenario/refund.chaos.ts'],
      'scenario/refund.chaos.ts: no such file. Did you mean "scenarios/refund.chaos.ts"?',
    ],
    [['run', 'zzzzzz'], 'no such file or folder: zzzzzz'],
    [['replay', 'scenarios'], 'scenarios: a scenario file is expected, and this is a folder'],
    [
      ['run', 'scenarios/*.mts'],
      'no scenarios found: nothing matches scenarios/*.mts. agent-chaos init writes a first one, and agent-chaos doctor tells what is in the way',
    ],
    [['list', 'scenarios', '--faults'], 'list takes either paths, or --faults or --invariants'],
  ])('says what is wrong with %j in one line and exits with 2', async (args, message) => {
    const { code, stdout, stderr } = await invoke(args)

    expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: '', stderr: `agent-chaos: ${message}\n` })
  })

  it('neutralises control characters in what it repeats', async () => {
    const { stderr } = await invoke(['run', '\u001b[2Jname'])

    expect(stderr).toBe('agent-chaos: no such file or folder: name\n')
  })
})
