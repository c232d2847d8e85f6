/** That a trial is refused beside the fake timers of `node:test`, in a process of its own: there the runner is Node's. */
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { root, shell } from '../support/cli/command.js'

const folder = mkdtempSync(join(tmpdir(), 'fake-timers-'))
symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir')
afterAll(() => rmSync(folder, { recursive: true }))

const file = (apis: string) => `
  import { test } from 'node:test'
  import { defineScenario, runTrial, say, script } from 'agent-chaos'
  const agent = async () => new Promise((resolve) => setTimeout(resolve, 5_000, 'waited'))
  const model = script([say('not asked')])
  const scenario = defineScenario({ name: 'waits', task: 'Wait.', state: () => ({}), model, agent, goal: () => true })
  test('a trial', async ({ mock }) => {
    mock.timers.enable({ apis: ['${apis}'] })
    await runTrial(scenario, { plan: '', seed: 1 })
  })
`

it.each(['setTimeout', 'setInterval', 'Date'])('is refused in words where %s is fake', async (apis) => {
  const path = join(folder, `${apis}.test.mjs`)
  writeFileSync(path, file(apis))
  const { code, stdout } = await shell(`node --no-warnings --test ${path}`)
  expect(code).toBe(1)
  expect(stdout).toMatch(/fake timers are on: .*mock\.timers\.reset\(\)/)
})
