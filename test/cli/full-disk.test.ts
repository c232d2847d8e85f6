/**
 * What cannot be written, and a machine that has run out of something. Limits of the shell stand for a full disk: a file of
 * more than that many blocks is refused (EFBIG) as on a full one, in part first.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { json } from '../../reports/index.js'
import { fullReport } from '../fixtures/cli/report.js'
import { main, root, shell } from '../support/cli/command.js'

const command = `"${process.execPath}" "${main}"`
let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'agent-chaos-full-'))
  writeFileSync(join(folder, 'result.json'), json(fullReport))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const inFolder = (line: string) => shell(line, { cwd: folder })
const text = (file: string) => readFileSync(join(folder, file), 'utf8')

describe('a disk that is full', () => {
  it('leaves the former report as it was, and the later ones are tried', async () => {
    writeFileSync(join(folder, 'page.html'), 'former')
    const reporters = 'html=page.html,github=notes.txt,json=copy.json,otlp=traces.json'
    const { code, stdout, stderr } = await inFolder(
      `ulimit -f 2; ${command} report result.json --reporter ${reporters}`,
    )

    expect(text('page.html')).toBe('former')
    expect(stderr.split('\n')).toEqual([
      'agent-chaos: --reporter html page.html cannot be written: it would be larger than a file may be here (EFBIG)',
      'agent-chaos: --reporter json copy.json cannot be written: it would be larger than a file may be here (EFBIG)',
      'agent-chaos: --reporter otlp traces.json cannot be written: it would be larger than a file may be here (EFBIG)',
      '',
    ])
    expect(stdout).toBe('github: notes.txt\n')
    expect(text('notes.txt')).toContain('::error')
    expect(readdirSync(folder).sort()).toEqual(['notes.txt', 'page.html', 'result.json'])
    expect(code).toBe(2)
  })

  it.each([
    ['list --faults'],
    ['explain tool/reply-lost'],
    ['--help'],
    ['report result.json --reporter json --output -'],
    ['report result.json --reporter json --output /dev/full'],
    ['list --faults --json /dev/full'],
  ])('is told of in one line where standard output goes there: %s', async (args) => {
    const { code, stderr } = await inFolder(`${command} ${args} >/dev/full`)

    expect(stderr).toMatch(/^(agent-chaos: .* cannot be written: no space is left on the device \(ENOSPC\)\n)+$/)
    expect(code).toBe(2)
  })

  it('is told of where a part of the output still found room', async () => {
    const { code, stderr } = await inFolder(`ulimit -f 2; ${command} list --faults >listing.txt`)

    expect(stderr).toBe(
      'agent-chaos: standard output cannot be written: it would be larger than a file may be here (EFBIG)\n',
    )
    expect(code).toBe(2)
  })

  it('does not hide what was found: a regression still exits with 1', async () => {
    const head = { ...fullReport, scenarios: fullReport.scenarios }
    writeFileSync(join(folder, 'base.json'), json({ ...head, scenarios: [], verdict: 'passed', exitCode: 0 }))
    const compared = await inFolder(`${command} compare base.json result.json`)
    const { code, stderr } = await inFolder(
      `${command} compare base.json result.json --json /dev/full --markdown /dev/full`,
    )

    expect(compared.code).toBe(1)
    expect(stderr).toMatch(/--json \/dev\/full cannot .*\n.*--markdown \/dev\/full cannot/)
    expect(code).toBe(1)
  })
})

describe('a disk that is full under a run', () => {
  // None of journal, cache, failures and report fits: what was found is told all the same.
  it.each([0, 2])('with %i blocks left costs what is to be kept, and no verdict', async (blocks) => {
    const scenario = join(root, 'test/fixtures/shop/refund.chaos.ts')
    const outputs = '--failures failures.json --json report.json'
    const line = `${command} run ${scenario} --no-config --no-measure --quiet ${outputs}`
    const whole = await inFolder(line)
    rmSync(join(folder, 'report.json'))
    rmSync(join(folder, 'failures.json'), { force: true })
    const { code, stderr } = await inFolder(`ulimit -f ${blocks}; ${line}`)

    expect(stderr).not.toMatch(/^\s+at /m)
    expect(stderr).toContain('--json report.json cannot be written: it would be larger than a file may be here (EFBIG)')
    expect(code).toBe(whole.code === 0 ? 2 : whole.code)
    expect(readdirSync(folder).filter((name) => /report\.json/.test(name))).toEqual([])
  })
})

describe('a reader that goes away', () => {
  it('has seen enough: nothing is said of it', async () => {
    const { stdout, stderr } = await inFolder(`{ ${command} list --faults; echo "exit $?" >&2; } | true`)

    expect({ stdout, stderr }).toEqual({ stdout: '', stderr: 'exit 0\n' })
  })
})

describe('standard output by its name', () => {
  it.each(['/dev/stdout', '/proc/self/fd/1'])('%s carries the report alone, to a file or to a pipe', async (name) => {
    const args = `report result.json --reporter json --output ${name}`
    const piped = await inFolder(`${command} ${args} | cat`)
    await inFolder(`${command} ${args} >out.json`)

    expect(piped.stdout).toBe(json(fullReport))
    expect(text('out.json')).toBe(json(fullReport))
  })
})

describe('too few file descriptors', () => {
  // Newer versions of Node need fewer, and pass where older ones cannot; with less than the least they cannot even start.
  it.each([28, 40, 64])('%i of them are told of if they are too few, and are no violation', async (limit) => {
    const scenario = join(root, 'test/fixtures/shop/refund.chaos.ts')
    const { code, stdout, stderr } = await inFolder(
      `ulimit -n ${limit}; ${command} run ${scenario} --quiet --no-measure`,
    )

    expect(stderr).not.toMatch(/^\s+at /m)
    if (limit > 28 && code === 0) return
    const said = (stdout + stderr).replaceAll(/\s+/g, ' ')
    expect(said).toContain('EMFILE')
    expect(said).toContain('(ulimit -n)')
    expect(code).toBe(2)
  })

  it('are told of by a worker that cannot be started for them, and nobody waits for it', async () => {
    const script = `
      import { openSync } from 'node:fs'
      import { openWorkers } from '${join(root, 'dist/harness/executors/workers/executors.js')}'
      try { for (;;) openSync('/dev/null') } catch {}
      const workers = openWorkers({ root: '/', trialTimeout: 1, memoryMax: 256, output: 'discard' })
      await workers.open({ package: null, file: 'nowhere.chaos.ts', digest: '' }, () => 1)
        .catch(({ name, message }) => process.stdout.write(name + ': ' + message))`
    writeFileSync(join(folder, 'starts.mjs'), script)
    const { stdout, stderr } = await inFolder(`ulimit -n 120; "${process.execPath}" starts.mjs`)

    expect(stderr).toBe('')
    expect(stdout).toMatch(/^UserError: a worker process cannot be started: .* \(EMFILE\): allow more open files/)
  })
})
