// A step of Adam by TensorFlow's own operation, where tensors lie in the library's memory: one pass, and no copies to the
// host and back.

import * as tf from "@tensorflow/tfjs";
import { refuseSecond, type KernelContract } from "../runtime/define.js";
import { adamStepContract, type AdamRates, type AdamStepAttrs } from "./contract.js";
import {
  execute,
  withOperations,
  type TensorflowBackend,
} from "../runtime/tensorflow/operations.js";
import type { NamedTensorMap, Tensor, TensorInfo } from "@tensorflow/tfjs";

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

/** What the operation changes in place. */
const CHANGED = ["parameters", "m", "v"] as const;

/** The library's variables of {@link CHANGED}, by handle: they are never deleted, and hold values within a step only. */
let variables: readonly number[] | undefined;

function variablesOf({ binding }: TensorflowBackend): readonly number[] {
  variables ??= CHANGED.map((name) => {
    const text = `zenoflow-adam-${name}`;
    // The shape is not looked at when values are assigned.
    const attributes = { dtype: "float32", shape: { shape: [0] }, shared_name: { text } } as const;
    return execute(binding, "VarHandleOp", { ...attributes, container: { text: "" } }, [])[0]!.id;
  });
  return variables;
}

/**
 * Parameters and means after the step. A variable takes a tensor's memory without a copy, and the operation makes one before
 * it writes as long as somebody else has that memory: inputs stay as they are.
 */
function step(
  backend: TensorflowBackend,
  inputs: NamedTensorMap,
  { decay1, decay2, epsilon, rate }: AdamRates,
): TensorInfo[] {
  const held = variablesOf(backend);
  return tf.tidy(() =>
    withOperations(({ of, run, tensor }) => {
      const assign = (variable: number, x: Tensor): unknown =>
        run("AssignVariableOp", { dtype: "float32" }, [variable, of(x)], 0);
      // Powers of the decays, as the library corrects by them: 0, no correction. Its rate descends.
      const numbers = [0, 0, -rate, decay1, decay2, epsilon].map((value) => of(tf.scalar(value)));
      const attributes = { T: "float32", use_locking: false, use_nesterov: false } as const;
      try {
        CHANGED.forEach((name, i) => assign(held[i]!, inputs[name]!));
        run("ResourceApplyAdam", attributes, [...held, ...numbers, of(inputs["gradient"]!)], 0);
        return held.map((variable) =>
          tensor(run("ReadVariableOp", { dtype: "float32" }, [variable])[0]!),
        );
      } finally {
        // A variable that kept its values would keep their memory.
        const nothing = tf.zeros([0]);
        for (const variable of held) assign(variable, nothing);
      }
    }),
  );
}

type Call = { inputs: NamedTensorMap; attrs: unknown; backend: unknown };

/** Registers the kernel. */
export function defineAdamStepLibrary(): void {
  const { name: kernelName } = adamStepLibraryContract;
  const backendName = "tensorflow";
  refuseSecond(kernelName, tf.getKernel(kernelName, backendName));
  const kernelFunc = ({ inputs, attrs, backend }: Call): TensorInfo[] =>
    step(backend as TensorflowBackend, inputs, (attrs as AdamStepAttrs).rates[0]!);
  tf.registerKernel({ kernelName, backendName, kernelFunc: kernelFunc as never });
}
