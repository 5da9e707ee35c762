// Numbers as the 32-bit words in which a job carries its arguments.

const view = new DataView(new ArrayBuffer(4));

/** The word that holds a float32. */
export function wordOf(x: number): number {
  view.setFloat32(0, x);
  return view.getInt32(0);
}
