// Programs for the case of the circuit kernel and its benchmarks: the layers of the benchmarks, and random ones with
// every kind of primitive.

import { angleOf, bitsOf, constantAngle, gateProgram } from "../../kernels/circuit/program.js";
import { philoxUniforms } from "../../kernels/philox/reference.js";
import type { Angle, GateProgram, Primitive, Unitary } from "../../kernels/circuit/program.js";

/** How layers of a hardware-efficient ansatz are entangled. */
export type Entangler = "chain" | "ring";

/** RX(x_q) on every wire, then layers of RY, RZ on every wire and CZ between neighbours. */
export function layered(n: number, layers: number, entangler: Entangler): GateProgram {
  const wires = Array.from({ length: n }, (_, q) => q);
  const bit = (q: number): number => bitsOf([q], n);
  const rotation = (x: number, z: number, angle: Angle): Primitive => ({
    ...{ kind: "rotation", controls: 0, values: 0 },
    ...{ x, z, angle },
  });
  const cz = (q: number): Primitive => {
    const both = bitsOf([q, (q + 1) % n], n);
    return { kind: "phase", controls: both, values: both, angle: constantAngle(Math.PI) };
  };
  const primitives = wires.map((q) => rotation(bit(q), 0, angleOf("sample", q)));
  for (let l = 0; l < layers; l++) {
    for (const q of wires) {
      const column = 2 * (l * n + q);
      primitives.push(rotation(bit(q), bit(q), angleOf("shared", column)));
      primitives.push(rotation(0, bit(q), angleOf("shared", column + 1)));
    }
    for (const q of entangler === "ring" ? wires : wires.slice(1)) {
      if (n > 1) primitives.push(cz(entangler === "ring" ? q : q - 1));
    }
  }
  return gateProgram(n, primitives, { shared: 2 * n * layers, sample: n });
}

/** The generator circuit of the hybrid QGAN paper: two features, no trained angle. */
export function twoWires(): GateProgram {
  const rotation = (q: number, axis: "X" | "Y", angle: Angle): Primitive => {
    const bit = bitsOf([q], 2);
    return { kind: "rotation", controls: 0, values: 0, x: bit, z: axis === "Y" ? bit : 0, angle };
  };
  const cnot = (control: number, target: number): Primitive => {
    const controls = bitsOf([control], 2);
    return { kind: "flip", controls, values: controls, x: bitsOf([target], 2) };
  };
  const [eighth, quarter] = [constantAngle(Math.PI / 4), constantAngle(Math.PI / 2)];
  const first = [rotation(0, "X", angleOf("sample", 0)), rotation(1, "X", angleOf("sample", 1))];
  const second = [rotation(0, "Y", eighth), rotation(1, "X", quarter), cnot(0, 1)];
  const third = [rotation(1, "Y", eighth), rotation(0, "X", quarter), cnot(1, 0)];
  return gateProgram(2, [...first, ...second, ...third], { shared: 0, sample: 2 });
}

/** Integers below a bound and numbers, from a seed. */
type Draw = { below(bound: number): number; number(): number };

function drawing(seed: number): Draw {
  const numbers = philoxUniforms(seed, 40, 4096);
  let at = 0;
  const next = (): number => numbers[at++ % numbers.length]!;
  return { below: (bound) => Math.floor(bound * next()), number: () => 4 * next() - 2 };
}

const COLUMNS = { shared: 5, sample: 3 };

function randomAngle({ below, number }: Draw): Angle {
  const table = (["shared", "sample", "none"] as const)[below(3)]!;
  if (table === "none") return constantAngle(number());
  return angleOf(table, below(COLUMNS[table]), number(), number());
}

/** A unitary matrix on some wires: Gram and Schmidt on random columns. */
export function randomUnitary(wires: readonly number[], { number }: Draw): Unitary {
  const size = 2 ** wires.length;
  const rows: [number, number][][] = [];
  for (let r = 0; r < size; r++) {
    const row = Array.from({ length: size }, (): [number, number] => [number(), number()]);
    for (const other of rows) {
      let [re, im] = [0, 0];
      row.forEach(([a, b], i) => {
        re += a * other[i]![0] + b * other[i]![1];
        im += b * other[i]![0] - a * other[i]![1];
      });
      other.forEach(([c, d], i) => {
        row[i]![0] -= re * c - im * d;
        row[i]![1] -= re * d + im * c;
      });
    }
    const norm = Math.hypot(...row.flat());
    rows.push(row.map(([a, b]) => [a / norm, b / norm]));
  }
  const entries = rows.flat();
  return {
    kind: "unitary",
    wires,
    re: entries.map(([a]) => a),
    im: entries.map(([, b]) => b),
  };
}

function randomPrimitive(n: number, draw: Draw): Primitive {
  const all = (1 << n) - 1;
  const { below } = draw;
  const [x, z] = [1 + below(all), below(all + 1)];
  const controls = below(2) * (all & ~(x | z) & (1 + below(all)));
  const condition = { controls, values: controls & below(all + 1) };
  switch (below(6)) {
    case 0:
      return { kind: "flip", controls: all & ~x & z, values: 0, x };
    case 1:
      return {
        ...{ kind: "phase", controls: z, values: z & below(all + 1) },
        ...{ angle: randomAngle(draw) },
      };
    case 2: {
      const first = below(n);
      const wires = n > 1 && below(2) === 1 ? [first, (first + 1 + below(n - 1)) % n] : [first];
      return randomUnitary(wires, draw);
    }
    case 3:
      return {
        ...{ kind: "rotation", x: 0, z: x, controls: 0, values: 0 },
        angle: randomAngle(draw),
      };
    default:
      return { kind: "rotation", x, z, ...condition, angle: randomAngle(draw) };
  }
}

/** Every kind of primitive, at random. */
export function randomProgram(n: number, count: number, seed: number): GateProgram {
  const draw = drawing(seed);
  const primitives = Array.from({ length: count }, () => randomPrimitive(n, draw));
  return gateProgram(n, primitives, COLUMNS);
}
