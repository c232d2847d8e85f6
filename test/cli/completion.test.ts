/** Proves that a shell completes commands, options and the words that an option may be, as the program has them. */
import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { agentChaos } from '../support/cli/command.js'

/** What bash offers for the last of these words. */
async function offers(...words: string[]): Promise<string[]> {
  const { stdout } = await agentChaos(['completion', 'bash'])
  const asked = `COMP_WORDS=("$@"); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _agent_chaos; printf '%s\\n' "\${COMPREPLY[@]}"`
  const ran = spawnSync('bash', ['-c', `${stdout}\n${asked}`, 'bash', ...words], { encoding: 'utf8' })
  expect(ran.stderr).toBe('')
  return ran.stdout.trim().split('\n')
}

describe('bash', () => {
  it('is offered commands, the options of a command, and the words that one may be', async () => {
    expect(await offers('agent-chaos', 'do')).toEqual(['doctor'])
    expect(await offers('agent-chaos', 'replay', '--inspect')).toEqual(['--inspect', '--inspect-brk'])
    expect(await offers('agent-chaos', 'run', '--depth', '')).toEqual(['1', '2', 'swarm'])
    // Files are bash's own to offer.
    expect(await offers('agent-chaos', 'run', 'scen')).toEqual([''])
  })
})

describe('other shells', () => {
  it.each([
    ['zsh', "'doctor:tell what is in the way"],
    ['fish', 'complete -c agent-chaos -n __fish_use_subcommand -f -a doctor -d'],
    ['fish', "complete -c agent-chaos -n '__fish_seen_subcommand_from run' -l depth -x -a '1 2 swarm' -d"],
  ])('%s is offered the same', async (shell, line) => {
    expect((await agentChaos(['completion', shell])).stdout).toContain(line)
  })

  it('are refused by name', async () => {
    const { code, stderr } = await agentChaos(['completion', 'tcsh'])
    expect([code, stderr]).toEqual([2, expect.stringContaining('completion takes bash, zsh, fish, not "tcsh"')])
  })
})
