/** Plain data, the only kind of value that plans, actions and traces are made of. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }
