/** Faults as data, what injects them into a world, and how a plan is drawn from a seed. */
export * from './fault.js'
export * from './fault-injector.js'
export type { Depth } from './recovery-depth.js'
export * from './draw-detours.js'
export * from './draw-hang.js'
export * from './draw-link-faults.js'
export * from './draw-plan.js'
export * from './draw-random-plan.js'
