/**
 * When something has been silent for too long. What it says does not hang on how fast the machine is. Silence is
 * counted in looks, so that nothing is found silent because nobody could look. What still grows towards its bound of
 * memory is not silent, however slowly it grows.
 */

/** How many further times as long it may be silent while it grows. */
const extensionsMax = 9
/** As a share of the bound: whoever comes this close to it may have a full heap, which V8 is about to tell of. */
const fullShare = 0.9

export class Silence {
  readonly #spanMs: number
  readonly #boundMb: number
  readonly #residentMb: () => number
  #silentMs = 0
  #extensions = 0
  /** When this span began. */
  #fromMb: number | undefined

  /** Of `spanMs` is too long, for a process that may take `boundMb` of memory and takes `residentMb`. */
  constructor(spanMs: number, boundMb: number, residentMb: () => number) {
    this.#spanMs = spanMs
    this.#boundMb = boundMb
    this.#residentMb = residentMb
  }

  /** It has said something. */
  reset(): void {
    this.#silentMs = 0
    this.#extensions = 0
    this.#fromMb = undefined
  }

  /** Silent for `ms` more. Whether that is too long. */
  isTooLong(ms: number): boolean {
    this.#fromMb ??= this.#residentMb()
    this.#silentMs += ms
    if (this.#silentMs < this.#spanMs) return false
    const fromMb = this.#fromMb
    const toMb = this.#residentMb()
    if (!mayYetFill(fromMb, toMb, this.#boundMb, extensionsMax - this.#extensions)) return true
    this.#extensions++
    this.#silentMs = 0
    this.#fromMb = toMb
    return false
  }
}

/** Whether a process that went from one figure to the other in one span may come to its bound in those that are left. */
function mayYetFill(fromMb: number, toMb: number, boundMb: number, spansLeft: number): boolean {
  return spansLeft > 0 && toMb + Math.max(0, toMb - fromMb) * spansLeft >= boundMb * fullShare
}
