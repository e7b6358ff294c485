/**
 * What makes two parts of a state the same: the hash of their content, one that begins elsewhere, or the content itself. The first is
 * fast; the others are there to show that it is right.
 */
import { mix } from '../../world/index.js'
import type { Hash } from '../../world/parts.js'
import { contentOf } from '../known-states.js'

/** How parts and states are told apart. */
export interface Identity {
  /** By their content, as a text: for small scopes. */
  readonly exact: boolean
  /** Not 0: hashes are made of the content as a text, and begin with this number. */
  readonly seed: number
}

/** By hashes as worlds have them. */
export const BY_HASH: Identity = { exact: false, seed: 0 }

/** Numbers of values that are told apart by more than their hashes. */
export class Contents {
  private readonly numbers = new Map<string, number>()

  constructor(private readonly identity: Identity) {}

  /** The hash of this content that rows are to have. */
  hashOf(content: unknown, usual: Hash): Hash {
    const { seed } = this.identity
    return seed === 0 ? usual : hashOfText(contentOf(content), seed)
  }

  /** The number of this content; undefined: it is new, and gets the one given. */
  number(content: unknown, next: number): number | undefined {
    const text = contentOf(content)
    const known = this.numbers.get(text)
    if (known === undefined) this.numbers.set(text, next)
    return known
  }
}

function hashOfText(text: string, seed: number): Hash {
  let high = seed | 0
  let low = ~seed
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    high = mix(high, unit)
    low = mix(low, unit)
  }
  return [mix(high, text.length), mix(low, text.length)]
}
