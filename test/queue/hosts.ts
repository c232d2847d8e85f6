/**
 * Machines within this one, by namespaces of Linux: each with a host name, processes, mounts and a network card of its own. They reach each
 * other by a switch, whose cables can be pulled out. Nobody is told then, as where a machine loses its power.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { childrenOf } from '../kills/project.js'

const isolating = ['--mount', '--uts', '--ipc', '--net', '--pid', '--fork', '--kill-child', '--mount-proc']
/** It prints once its name is set. Then it reads what nobody writes, and so ends with whoever started it. */
const init = 'hostname "$0" && ip link set dev lo up && echo up && exec cat'
const network = '10.77.0'

/** Why there can be none here; nothing where there can. */
export function reasonAgainstHosts(): string | undefined {
  if (process.platform !== 'linux') return 'there are namespaces on Linux alone'
  const script =
    'ip link add dev cable type veth peer name card && ip link add dev lan type bridge && nsenter -V && setpriv -V'
  const { status, stderr, error } = spawnSync('unshare', [...isolating, 'sh', '-c', script], { encoding: 'utf8' })
  return status === 0 ? undefined : `namespaces are not permitted, or iproute2 is missing: ${error?.message ?? stderr}`
}

export class Host {
  readonly name: string
  readonly address: string
  readonly #pid: number
  readonly #off: () => Promise<void>
  /** By which others are connected to it, or it to another. */
  #plug: (state: 'up' | 'down') => void = () => {}

  private constructor(name: string, number: number, pid: number, off: () => Promise<void>) {
    this.name = name
    this.address = `${network}.${number}`
    this.#pid = pid
    this.#off = off
  }

  /** To which others can be connected. */
  static async makeSwitch(name: string): Promise<Host> {
    const host = await Host.#boot(name, 0)
    host.do('ip link add dev lan type bridge && ip link set dev lan up')
    return host
  }

  /** `number` is the last of its address, from 1 to 9. */
  static async connect(to: Host, name: string, number: number): Promise<Host> {
    const host = await Host.#boot(name, number)
    const ends = [name, 'netns', to.#pid, 'type', 'veth', 'peer', 'name', 'card', 'netns', host.#pid].map(String)
    // That of one before it, which is gone: the system takes a while to see that.
    to.do('ip link del dev "$0" || true', name)
    execFileSync('ip', ['link', 'add', 'dev', ...ends])
    host.#plug = (state) => to.do(`ip link set dev "$0" ${state}`, name)
    to.do('ip link set dev "$0" master lan up', name)
    // The card of a machine that comes up again is the one that others know.
    host.do('ip link set dev card address "$0"', `02:00:00:00:00:0${number}`)
    host.do('ip addr add "$0"/24 dev card && ip link set dev card up', host.address)
    return host
  }

  static async #boot(name: string, number: number): Promise<Host> {
    const outer = spawn('unshare', [...isolating, 'sh', '-c', init, name], { stdio: ['pipe', 'pipe', 'ignore'] })
    await once(outer.stdout, 'data')
    const [pid] = childrenOf(outer.pid ?? 0)
    if (pid === undefined) throw new Error(`${name} has ended`)
    return new Host(name, number, pid, async () => {
      const ended = once(outer, 'exit')
      // With the first of its processes all end, once whoever waits for one of them has heard of it, or is gone.
      process.kill(pid, 'SIGKILL')
      for (const each of childrenOf(process.pid)) if (isWithin(each, pid)) process.kill(each, 'SIGKILL')
      await ended
    })
  }

  /** The command as it is to be run for it to run there. */
  readonly command = (words: readonly string[]): readonly string[] => [
    ...['nsenter', '-t', String(this.#pid), '-m', '-u', '-i', '-n', '-p', '--'],
    ...words,
  ]

  /** A script of a shell, and the words it goes by. */
  do(script: string, ...words: readonly string[]): void {
    const [file = '', ...args] = this.command(['sh', '-ec', script, ...words])
    execFileSync(file, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  }

  /** Nothing reaches it any more, and nothing comes from it; nobody is told. */
  unplug(): void {
    this.#plug('down')
  }

  plug(): void {
    this.#plug('up')
  }

  /** All its processes at once. */
  off(): Promise<void> {
    return this.#off()
  }
}

/** Whether it has begun a process of the host with that first process. */
function isWithin(pid: number, first: number): boolean {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith(`nsenter\0-t\0${first}\0`)
}
