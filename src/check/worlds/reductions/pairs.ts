/** What stands for what, one for one: pairs of numbers, of which neither side ever has two partners. */
import { Ints } from '../ints.js'

/** What was taken for interchangeable is not; the message says where that shows. */
export class NotInterchangeable extends Error {}

/** Nothing, which has number 0, stands for nothing. */
export class Pairs {
  private readonly images = new Ints()
  private readonly originals = new Ints()

  /** What stands for the one with this number; 0: that is not known. */
  known(number: number): number {
    return this.images.get(number)
  }

  /** What stands for the one with this number. */
  image(number: number, lack: () => string): number {
    const image = this.images.get(number)
    if (image === 0 && number !== 0) throw new NotInterchangeable(lack())
    return image
  }

  /** One stands for the other from now on; whether that is new. `lack` says what is wrong where another one does. */
  pair(number: number, image: number, lack: () => string): boolean {
    const [known, original] = [this.images.get(number), this.originals.get(image)]
    if (known === image && original === number) return false
    if (known !== 0 || original !== 0 || number === 0 || image === 0) throw new NotInterchangeable(lack())
    this.images.set(number, image)
    this.originals.set(image, number)
    return true
  }
}
