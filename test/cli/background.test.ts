/** What a process had before its trials, or holds open and asks nothing, is no work: it holds no trial and refuses no run. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Report } from '../../harness/contracts/report/report.js'
import { agentChaos } from '../support/cli/command.js'

let server: ChildProcess
let report: Report

beforeAll(async () => {
  server = spawn(process.execPath, ['test/fixtures/background/server.mjs'], { stdio: ['pipe', 'pipe', 'inherit'] })
  const [told] = await once(server.stdout ?? server, 'data')
  const [lines, web] = String(told).trim().split(' ')
  const file = join(await mkdtemp(join(tmpdir(), 'agent-chaos-')), 'report.json')
  await agentChaos(['run', 'test/fixtures/background', '--json', file], {
    env: { LINES_PORT: lines ?? '', WEB_PORT: web ?? '' },
  })
  report = JSON.parse(readFileSync(file, 'utf8')) as Report
  expect(report.failures).toEqual([])
})
afterAll(() => void server.kill())

it.each([
  ['module-client', 'a connection that a module made'],
  ['own-client', 'connections that the agent makes and leaves open'],
  ['module-timers', 'timers that a module set'],
  ['module-server', 'a server that a module started, and a request that it made'],
  ['keep-alive', 'connections that HTTP clients keep'],
])('%s: %s', (name) => {
  const { verdict, because, notes } = report.scenarios.find((scenario) => scenario.name === name) ?? {}
  expect({ verdict, because, notes }).toEqual({
    verdict: 'passed',
    because: expect.stringMatching(/^no violation in/),
    notes: [],
  })
})

it('tells of what goes on behind the answer, and neither waits for it nor fails by it', () => {
  const found = report.scenarios.find(({ name }) => name === 'telemetry')
  expect(found).toMatchObject({ verdict: 'passed', violations: [] })
  expect(found?.notes.map((note) => note.match(/^a request to (\S+) was refused/)?.[1]).sort()).toEqual([
    'https://collector.example.dev/v1/traces',
    'https://prices.example.dev/models.json',
  ])
})

it('tells a deadlock as one all the same', () => {
  const { verdict, because } = report.scenarios.find(({ name }) => name === 'waits-for-nothing') ?? {}
  expect({ verdict, because }).toEqual({ verdict: 'broken', because: expect.stringMatching(/will never come/) })
})
