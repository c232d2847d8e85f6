/** What the system tells of files, keys and git: real files and a real repository, and every event awaited. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { ignoredByGit, watchFiles } from '../../../../harness/cli/watch/files.js'
import { keysOf } from '../../../../harness/cli/watch/keys.js'

const emptyFolder = () => realpathSync(mkdtempSync(join(tmpdir(), 'agent-chaos-files-')))

describe('files that change', () => {
  it('are told of, but for packages and what is hidden; an .env is not, nor what is watched by its name', async () => {
    const [folder, elsewhere] = [emptyFolder(), emptyFolder()]
    for (const name of ['src', 'node_modules/pkg', '.cache', '.generated']) {
      mkdirSync(join(folder, name), { recursive: true })
    }
    const named = [join(folder, '.generated/client.ts'), join(elsewhere, 'lib.ts')]
    for (const file of named) writeFileSync(file, '1')

    const reported = new Set<string>()
    let look = () => {}
    const watcher = await watchFiles(folder, (files) => {
      for (const file of files) reported.add(file)
      look()
    })
    try {
      watcher.add(named)
      await watcher.waitUntilSettled()
      const silent = ['node_modules/pkg/index.js', '.cache/a.json', 'src/a.ts~', 'src/.a.ts.swp']
      for (const name of silent) writeFileSync(join(folder, name), '2')
      const loud = [join(folder, 'src/a.ts'), join(folder, '.env'), ...named]
      for (const file of loud) writeFileSync(file, '2')
      await new Promise<void>((resolve) => {
        look = () => {
          if (loud.every((file) => reported.has(file))) resolve()
        }
        look()
      })
      expect([...reported].filter((file) => silent.includes(relative(folder, file)))).toEqual([])
    } finally {
      await watcher.close()
    }
  })
})

describe('what git ignores', () => {
  it('is told as git tells it, and files outside of the folder are none of it', async () => {
    const folder = emptyFolder()
    execFileSync('git', ['init', '--quiet'], { cwd: folder })
    writeFileSync(join(folder, '.gitignore'), '*.log\nbuilt/\n')
    const files = ['a.log', 'built/deep/b.js', 'prompt.md', 'a name\nof two lines.log'].map((name) =>
      join(folder, name),
    )
    const ignored = await ignoredByGit([...files, '/elsewhere/c.log'], folder)
    expect([...ignored].map((file) => relative(folder, file))).toEqual([
      'a.log',
      'built/deep/b.js',
      'a name\nof two lines.log',
    ])
  })

  it('is nothing where there is no repository', async () => {
    const folder = emptyFolder()
    expect(await ignoredByGit([join(folder, 'a.log')], folder)).toEqual(new Set())
  })
})

describe('keys', () => {
  /** A terminal as far as it is asked for. */
  function terminal(isTTY: boolean) {
    const modes: boolean[] = []
    const stream = Object.assign(new PassThrough(), {
      isTTY,
      setRawMode: (mode: boolean) => {
        modes.push(mode)
        return stream
      },
    })
    return { modes, stream: stream as unknown as NodeJS.ReadStream, type: (text: string) => stream.write(text) }
  }

  it('come one by one from a terminal, which is left as it was', () => {
    const { modes, stream, type } = terminal(true)
    const keys: string[] = []
    const stop = keysOf(stream, (key) => keys.push(key))
    type('f\r')
    type('\u0003')
    stop?.()
    type('q')
    expect({ keys, modes }).toEqual({ keys: ['f', '\r', '\u0003'], modes: [true, false] })
  })

  it('come from nothing else', () => {
    const { modes, stream } = terminal(false)
    expect(keysOf(stream, () => undefined)).toBeUndefined()
    expect(modes).toEqual([])
  })
})
