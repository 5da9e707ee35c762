// A step of Adam by TensorFlow's own operation, where tensors lie in the library's memory: one pass, and no copies to the
// host and back. Raw operations of tfjs-node's binding are used here.

import * as tf from "@tensorflow/tfjs";
import { refuseSecond, type KernelContract } from "../runtime/define.js";
import { adamStepContract, type AdamRates, type AdamStepAttrs } from "./contract.js";
import type { NamedTensorMap, TensorInfo } from "@tensorflow/tfjs";

/** `ZenoAdamStepLibrary`, on the backend `tensorflow`: as `ZenoAdamStep`, for rates that the library has. */
export const adamStepLibraryContract: KernelContract<AdamStepAttrs> = {
  ...adamStepContract,
  name: "ZenoAdamStepLibrary",
};

/** Whether these are rates of the library's operation: of all replicas, of means with weights 1 − d, without corrections. */
export function libraryHas(rates: readonly AdamRates[]): boolean {
  const [{ decay1, weight1, decay2, weight2, unbias1, unbias2 }] = rates as [AdamRates];
  const means = weight1 === 1 - decay1 && weight2 === 1 - decay2;
  return rates.length === 1 && means && unbias1 === 1 && unbias2 === 1;
}

type Output = { readonly id: number; readonly shape: number[]; readonly dtype: number };
type Attribute = { readonly name: string; readonly type: number; readonly value: unknown };

/** What tfjs-node's backend has for operations of the library that tfjs lacks. */
type LibraryBackend = {
  readonly binding: {
    readonly TF_ATTR_TYPE: number;
    readonly TF_ATTR_BOOL: number;
    readonly TF_ATTR_STRING: number;
    readonly TF_ATTR_SHAPE: number;
    readonly TF_FLOAT: number;
    executeOp(name: string, attrs: readonly Attribute[], ids: number[], outputs: number): Output[];
  };
  getInputTensorIds(tensors: readonly TensorInfo[]): number[];
  createOutputTensor(output: Output): TensorInfo;
};

/** What the operation changes in place. */
const CHANGED = ["parameters", "m", "v"] as const;

/** The library's variables of {@link CHANGED}, by id: they hold values within a step only. */
let variables: readonly number[] | undefined;

function variablesOf({ binding: b }: LibraryBackend): readonly number[] {
  variables ??= CHANGED.map((name) => {
    const attrs = [
      { name: "dtype", type: b.TF_ATTR_TYPE, value: b.TF_FLOAT },
      { name: "shared_name", type: b.TF_ATTR_STRING, value: `zenoflow-adam-${name}` },
      { name: "container", type: b.TF_ATTR_STRING, value: "" },
      // Not looked at when values are assigned.
      { name: "shape", type: b.TF_ATTR_SHAPE, value: [0] },
    ];
    return b.executeOp("VarHandleOp", attrs, [], 1)[0]!.id;
  });
  return variables;
}

/**
 * Parameters and means after the step. A variable takes a tensor's memory without a copy, and the operation makes one before
 * it writes as long as somebody else has that memory: inputs stay as they are.
 */
function step(
  backend: LibraryBackend,
  inputs: Readonly<Record<string, TensorInfo>>,
  { decay1, decay2, epsilon, rate }: AdamRates,
): TensorInfo[] {
  const { binding: b } = backend;
  const held = variablesOf(backend);
  const dtype = [{ name: "dtype", type: b.TF_ATTR_TYPE, value: b.TF_FLOAT }];
  const assign = (variable: number, id: number): void => {
    b.executeOp("AssignVariableOp", dtype, [variable, id], 0);
  };
  // Powers of the decays, as the library corrects by them: 0, no correction. Its rate descends.
  const numbers = [0, 0, -rate, decay1, decay2, epsilon].map((value) => tf.scalar(value));
  const empty = tf.zeros([0]);
  const idsOf = (...tensors: TensorInfo[]): number[] => backend.getInputTensorIds(tensors);
  try {
    CHANGED.forEach((name, i) => {
      assign(held[i]!, idsOf(inputs[name]!)[0]!);
    });
    const attrs = [
      { name: "T", type: b.TF_ATTR_TYPE, value: b.TF_FLOAT },
      { name: "use_locking", type: b.TF_ATTR_BOOL, value: false },
      { name: "use_nesterov", type: b.TF_ATTR_BOOL, value: false },
    ];
    const ids = [...held, ...idsOf(...numbers, inputs["gradient"]!)];
    b.executeOp("ResourceApplyAdam", attrs, ids, 0);
    return held.map((variable) =>
      backend.createOutputTensor(b.executeOp("ReadVariableOp", dtype, [variable], 1)[0]!),
    );
  } finally {
    // A variable that kept its values would keep their memory.
    const [nothing] = idsOf(empty);
    for (const variable of held) assign(variable, nothing!);
    tf.dispose([...numbers, empty]);
  }
}

type Call = { inputs: NamedTensorMap; attrs: unknown; backend: unknown };

/** Registers the kernel. */
export function defineAdamStepLibrary(): void {
  const { name: kernelName } = adamStepLibraryContract;
  const backendName = "tensorflow";
  refuseSecond(kernelName, tf.getKernel(kernelName, backendName));
  const kernelFunc = ({ inputs, attrs, backend }: Call): TensorInfo[] =>
    step(backend as LibraryBackend, inputs, (attrs as AdamStepAttrs).rates[0]!);
  tf.registerKernel({ kernelName, backendName, kernelFunc: kernelFunc as never });
}
