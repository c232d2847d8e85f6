/** Proves that `chaosTest` of a scenario that is named by its file tells the command that replays what it found. */
import { expect, it } from 'vitest'
import { execute, root } from '../support/cli/command.js'

const code = `
  import { chaosTest } from 'agent-chaos'
  const file = new URL('scenarios/canaries/no-idempotency-key.chaos.ts', 'file://' + process.cwd() + '/')
  await chaosTest(file, { property: { seed: 7, numRuns: 60 } })().catch((error) => console.log(error.message))
  process.exit(0)
`

it('the command is printed with the smallest plan', async () => {
  const { stdout, stderr } = await execute(process.execPath, ['--input-type=module', '--eval', code], { cwd: root })
  expect(stdout, stderr).toMatch(
    /^ {2}replay: npx agent-chaos replay scenarios\/canaries\/no-idempotency-key\.chaos\.ts --seed 1 --plan '.*'\n {2}found in run/m,
  )
})
