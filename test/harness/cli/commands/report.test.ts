/** `agent-chaos report`, and `--reporter` of `run`: which reports are written, where, and what is refused. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { html, json } from '../../../../reports/index.js'
import { invoke } from '../../../fixtures/cli/command-line.js'
import { fullReport, report } from '../../../fixtures/cli/report.js'

let folder = ''
let result = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'agent-chaos-report-'))
  result = join(folder, 'result.json')
  writeFileSync(result, json(fullReport))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const readWritten = (name: string) => readFileSync(join(folder, name), 'utf8')

describe('agent-chaos report', () => {
  it('writes the page unless told otherwise, whatever the verdict', async () => {
    const { code, stdout } = await invoke(['report', result], {
      inspect: (cwd) => expect(readFileSync(join(cwd, 'chaos-report.html'), 'utf8')).toBe(html(fullReport)),
    })

    expect({ code, stdout }).toEqual({ code: 0, stdout: 'html: chaos-report.html\n' })
  })

  it('writes one report where it is told to, or to standard output', async () => {
    await invoke(['report', result, '--output', join(folder, 'page.html')])
    const { stdout, stderr } = await invoke(['report', result, '--reporter', 'json', '--output', '-'])

    expect(readWritten('page.html')).toBe(html(fullReport))
    expect({ stdout, stderr }).toEqual({ stdout: json(fullReport), stderr: '' })
  })

  it('writes several at once, each where it belongs', async () => {
    const [page, copy] = [join(folder, 'page.html'), join(folder, 'copy.json')]
    const { code } = await invoke(['report', result, '--reporter', `html=${page},json=${copy}`])

    expect(code).toBe(0)
    expect(readWritten('page.html')).toBe(html(fullReport))
    expect(readWritten('copy.json')).toBe(json(fullReport))
  })

  it('opens the page that it wrote', async () => {
    const opened: string[] = []
    await invoke(['report', result, '--output', join(folder, 'page.html'), '--open'], {
      onOpen: (path) => opened.push(path),
    })

    expect(opened).toEqual([join(folder, 'page.html')])
  })

  it('writes the page all the same where nothing can open it', async () => {
    const { code, stderr } = await invoke(['report', result, '--output', join(folder, 'page.html'), '--open'], {
      onOpen: () => {
        throw new Error('spawn xdg-open ENOENT')
      },
    })

    expect({ code, stderr }).toEqual({ code: 0, stderr: 'it could not be opened: spawn xdg-open ENOENT\n' })
    expect(existsSync(join(folder, 'page.html'))).toBe(true)
  })

  it.each([
    [
      'an unknown reporter',
      ['--reporter', 'htlm'],
      /no reporter is called "htlm" \(html, .*\)\. Did you mean "html"\?/,
    ],
    ['one output for two reports', ['--reporter', 'html,json', '--output', 'x'], /--output is for one reporter/],
    ['one place for two reports', ['--reporter', 'html=x,json=x'], /--reporter json would write to x, where another/],
    [
      'opening what is not there',
      ['--reporter', 'json', '--open'],
      /--open shows the html report, and none is written/,
    ],
    ['a folder in place of a file', ['--output', 'scenarios'], /--output scenarios cannot be written/],
  ])('refuses %s, and writes nothing', async (_what, args, message) => {
    const { code, stderr, stdout } = await invoke(['report', result, ...args], {
      inspect: (cwd) => expect(readdirSync(cwd)).toEqual(['scenarios']),
    })

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(message)
  })

  it('says what is wrong with a file that is no result', async () => {
    writeFileSync(result, '{"format":"agent-chaos/selftest"}')
    const { code, stderr } = await invoke(['report', result])

    expect(code).toBe(2)
    expect(stderr).toMatch(
      /expected a report, as agent-chaos run --json writes it .*, got the format "agent-chaos\/selftest"/,
    )
  })
})

describe('agent-chaos run --reporter', () => {
  it('writes the reports of the run beside what it prints', async () => {
    const { code, stdout } = await invoke(['run', '--reporter', 'html', '--reporter', 'json=r.json'], {
      campaign: { runCampaign: async () => fullReport },
      inspect: (cwd) => {
        expect(readFileSync(join(cwd, 'chaos-report.html'), 'utf8')).toBe(html(fullReport))
        expect(readFileSync(join(cwd, 'r.json'), 'utf8')).toBe(json(fullReport))
      },
    })

    expect(code).toBe(1)
    expect(stdout).toContain('refund-naive broke effects-exactly-once')
  })

  it('refuses what cannot be written before anything is run', async () => {
    let hasRun = false
    const runCampaign = async () => {
      hasRun = true
      return report()
    }
    const { code, stderr } = await invoke(['run', '--json', 'ok.json', '--reporter', 'html=scenarios'], {
      campaign: { runCampaign },
      inspect: (cwd) => expect(existsSync(join(cwd, 'ok.json'))).toBe(false),
    })

    expect({ code, hasRun }).toEqual({ code: 2, hasRun: false })
    expect(stderr).toMatch(/^agent-chaos: --reporter html scenarios cannot be written/)
  })

  it('still exits with 1 where violations were found and a report cannot be written in the end', async () => {
    const { code, stderr } = await invoke(['run', '--reporter', 'html=x.html'], {
      campaign: {
        runCampaign: async ({ cwd }) => {
          mkdirSync(join(cwd, 'x.html'))
          return fullReport
        },
      },
    })

    expect(code).toBe(1)
    expect(stderr).toContain('--reporter html x.html cannot be written')
  })
})
