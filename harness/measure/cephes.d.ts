/** The types of the functions that are used; the package has types, and does not name them where Node's rules look. */
declare module 'cephes' {
  /** Its functions are WebAssembly, and may be called once this is settled. */
  export const compiled: Promise<void>
  /** The distribution function of the standard normal distribution. */
  export function ndtr(x: number): number
  /** The quantile of Student's distribution with `degrees` of freedom at the probability `p`. */
  export function stdtri(degrees: number, p: number): number
  /** The regularised incomplete beta function. */
  export function incbet(a: number, b: number, x: number): number
  /** Its inverse: the x at which it comes to `y`. */
  export function incbi(a: number, b: number, y: number): number
  /** The natural logarithm of the beta function. */
  export function lbeta(a: number, b: number): number
}
