import { formatHash, mix } from './hash.js'

/** Rolling hash over all that happened: two runs with the same one took the same steps at the same times with the same messages. */
export class Trace {
  private high = 0x6a09e667
  private low = 0x3b67ae85

  /** Takes in one step: when (µs), whose, and the digest of what was delivered. */
  fold(time: number, actor: number, digest: number): void {
    this.high = mix(mix(this.high, time), digest)
    this.low = mix(mix(this.low, digest), time + actor)
  }

  fork(): Trace {
    const copy = new Trace()
    copy.high = this.high
    copy.low = this.low
    return copy
  }

  /** Sixteen hexadecimal digits. */
  format(): string {
    return formatHash(this.high, this.low)
  }
}
