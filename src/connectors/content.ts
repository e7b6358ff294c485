import type { Value } from '../engine/record.js'

/** What a source's splits hold: a pure function of the position, so that a replay reads the same. Timestamps are µs of event time. */
export type Content = (split: string, offset: number) => { readonly value: Value; readonly timestamp: number; readonly key?: string }
