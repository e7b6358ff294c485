/** What a step of an actor does to the world, in numbers, in the order in which it happens. */

/** What happens. `a` and `b` of an effect mean: */
export const EFFECT = {
  /** The actor at place `a` is from now on the one with number `b`. */
  actor: 0,
  /** A new actor, with number `b`, at place `a`. */
  spawn: 1,
  /** Message `b` is sent, on the link at place `a`. */
  send: 2,
  /** The receiver of the link at place `a` asks to be told of its end. */
  watch: 3,
  /** Likewise of silence; `b` is the number of the heartbeat. */
  monitor: 4,
  /** The actor at place `a` ends with this step, which is one of the actor at place `b`. */
  stop: 5,
  /** Fact `b` is recorded. */
  fact: 6,
  /** Something is spent: which budget, `b` tells. */
  spend: 7,
  /** Process `b` dies. */
  crash: 8,
} as const

/** One of `EFFECT`. */
export type EffectKind = (typeof EFFECT)[keyof typeof EFFECT]

/** Objects of one shape: there are millions of them to be gone through. */
export class Effect {
  constructor(
    readonly kind: EffectKind,
    readonly a: number,
    readonly b: number,
  ) {}
}

/** Whether the same happens. */
export function sameEffects(one: readonly Effect[], other: readonly Effect[]): boolean {
  return one.length === other.length && one.every(({ kind, a, b }, i) => kind === other[i]?.kind && a === other[i].a && b === other[i].b)
}
