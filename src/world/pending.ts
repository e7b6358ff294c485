import type { AnyMessage } from './actor-types.js'
import type { Link } from './link.js'
import type { Timer } from './timer.js'

/**
 * Something that waits for its turn: a message on a link, an armed timer, or a strike of the fault plan. All three share one
 * class, so that whoever orders them handles objects of one shape.
 */
export class Pending {
  /** µs; when it is due in timed drivers. */
  time = 0
  /** Breaks ties of `time`: the order in which things were scheduled. */
  sequence = 0
  /** Place in the schedule, or -1. */
  place = -1
  /** Neighbours on the link. */
  next: Pending | undefined = undefined
  previous: Pending | undefined = undefined
  /** A fork has the same message: whoever delivers it takes a copy. */
  shared = false

  constructor(
    readonly message: AnyMessage,
    readonly link: Link | undefined,
    readonly timer: Timer | undefined,
    readonly strike: Strike | undefined,
  ) {}
}

/** Something the fault plan does to a process, or to the connection of two, at a time of its own. */
export type Strike =
  | { readonly kind: 'crash' | 'start'; readonly process: number }
  | { readonly kind: 'disconnect'; readonly process: number; readonly other: number }
  /** It does nothing for so long, µs, and then goes on. */
  | { readonly kind: 'pause'; readonly process: number; readonly forUs: number }
  /** A message arrives beside its lane; planned by the driver alone. */
  | { readonly kind: 'arrival'; readonly from: number; readonly to: number; readonly incarnation: number; readonly message: AnyMessage }
  /** The turn of a monitor; planned by the driver alone. */
  | { readonly kind: 'heartbeat'; readonly monitor: number }
