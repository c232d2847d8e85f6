import { expect, it } from 'vitest'
import { expectNamespace, inNamespace } from '../../../../harness/executors/workers/namespace.js'

it.each(['darwin', 'win32'] as const)('there is no network of its own on %s, and that is said', (platform) => {
  expect(() => expectNamespace(platform)).toThrow(
    `--network-namespace: expected a system that gives a process a network of its own: there is none on ${platform}`,
  )
})

it('a command is handed on as it is, whatever its arguments look like', () => {
  const { file, args } = inNamespace({ file: '/a b/node', args: ['--flag', '$(x)'] })
  expect(file).toBe('unshare')
  expect(args.slice(-3)).toEqual(['/a b/node', '--flag', '$(x)'])
})
