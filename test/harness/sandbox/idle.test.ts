/** Proves that only who watches the event loop hears that it drained, and that nothing of that is left afterwards. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { onIdle } from '../../../harness/sandbox/idle.js'

let heard: string[] = []
const listener = () => heard.push('listener')
beforeEach(() => {
  heard = []
  process.on('beforeExit', listener)
})
afterEach(() => void process.off('beforeExit', listener))

const drain = () => process.emit('beforeExit', 0)

it('it is heard in place of all listeners, until it is undone', () => {
  const undo = onIdle(() => heard.push('watched'))
  drain()
  undo()
  drain()
  expect(heard).toEqual(['watched', 'listener'])
})

it('other events pass on', () => {
  const undo = onIdle(() => heard.push('watched'))
  process.once('agent-chaos test' as 'exit', (code) => heard.push(`with ${code}`))
  process.emit('agent-chaos test' as 'exit', 7)
  undo()
  expect(heard).toEqual(['with 7'])
})

it('undone, it only passes on where somebody had wrapped it meanwhile', () => {
  const before = Object.getOwnPropertyDescriptor(process, 'emit')
  const undo = onIdle(() => heard.push('watched'))
  const watched = process.emit
  const wrapper: unknown = (...args: unknown[]) => {
    heard.push('wrapper')
    return Reflect.apply(watched, process, args)
  }
  Object.defineProperty(process, 'emit', { value: wrapper, writable: true, configurable: true })
  try {
    undo()
    expect(process.emit).toBe(wrapper)
    drain()
    expect(heard).toEqual(['wrapper', 'listener'])
  } finally {
    if (before) Object.defineProperty(process, 'emit', before)
    else Reflect.deleteProperty(process, 'emit')
  }
})

it('one may watch at a time, and the next one when it is undone', () => {
  const undo = onIdle(() => {})
  expect(() => onIdle(() => {})).toThrow('expected one trial at a time')
  undo()
  onIdle(() => {})()
})
