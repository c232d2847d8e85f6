/** Loaded before each file of tests: a property that names no seed is tried with the same values each time. */
import fc from 'fast-check'

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: 20_261_130 })
