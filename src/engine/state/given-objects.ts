import { copyPlain } from '../../world/index.js'
import type { Value } from '../record.js'

/** Objects of state that user code was given during one call: they are its own, and it may change them in place as long as that lasts. */
export class GivenObjects {
  private objects: Value[] = []

  /** The value as user code is given it: a copy of an object that is not its own yet. The copy takes the object's place in the state. */
  own(value: Value): Value {
    if (typeof value !== 'object' || value === null || this.objects.includes(value)) return value
    const own = copyPlain(value)
    this.objects.push(own)
    return own
  }

  /** The call has ended. */
  forget(): void {
    if (this.objects.length > 0) this.objects = []
  }
}
