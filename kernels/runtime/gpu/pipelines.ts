// WGSL programs: the code around a kernel's own, compiled once for each device and source.

/** Invocations of a workgroup where a program does not say otherwise. */
const WORKGROUP = 64;

/** What is done for each item: by one invocation, or by a workgroup whose invocations work together. */
export type GpuProgram = {
  /** For messages. */
  readonly name: string;
  /**
   * WGSL that declares `fn item(index : u32)` or, with `together`, `fn group(index : u32, local : u32)`, where barriers are
   * allowed. It reads the numbers of a pass as `call.name`, its buffers by their names.
   */
  readonly code: string;
  readonly together?: boolean;
  /** Invocations of a workgroup. Default 64. */
  readonly workgroup?: number;
  /** Buffers that are only read, and their element types. */
  readonly reads: Readonly<Record<string, ElementType>>;
  /** Buffers that are written; they may be read too. */
  readonly writes: Readonly<Record<string, ElementType>>;
  /** The numbers of a pass. `items`, `nan` (not a number) and `infinity` are always there. */
  readonly numbers: Readonly<Record<string, ElementType>>;
};

/** Type of an element of a buffer, or of a number. */
export type ElementType = "f32" | "u32" | "i32" | "vec2<f32>" | "vec4<f32>" | "vec4<u32>";

/** A program ready to run. */
export type Pipeline = {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
};

/** Invocations of a workgroup of the program. */
export function workgroupOf({ workgroup = WORKGROUP }: GpuProgram): number {
  return workgroup;
}

/** The complete source of a program. */
export function sourceOf(program: GpuProgram): string {
  const { code, together = false, reads, writes, numbers } = program;
  const size = workgroupOf(program);
  const fields = Object.entries(numbers).map(([name, type]) => `, ${name} : ${type}`);
  const buffers = [
    ...Object.entries(reads).map(([name, type]) => ["read", name, type] as const),
    ...Object.entries(writes).map(([name, type]) => ["read_write", name, type] as const),
  ].map(
    ([access, name, type], i) =>
      `@group(0) @binding(${i + 1}) var<storage, ${access}> ${name} : array<${type}>;`,
  );
  const index = together
    ? "let index = at; if (index >= call.items) { return; } group(index, local);"
    : `let index = at * ${size}u + local; if (index >= call.items) { return; } item(index);`;
  return `
struct Call { items : u32, nan : f32, infinity : f32${fields.join("")} }
@group(0) @binding(0) var<uniform> call : Call;
${buffers.join("\n")}
${code}
@compute @workgroup_size(${size}) fn main(@builtin(workgroup_id) place : vec3<u32>, @builtin(num_workgroups) extent : vec3<u32>, @builtin(local_invocation_index) local : u32) {
  let at = place.y * extent.x + place.x;
  ${index}
}`;
}

const pipelines = new WeakMap<GPUDevice, Map<string, Pipeline>>();

let compiled = 0;
let milliseconds = 0;

/** How many programs this process has compiled, and how long the calls took that did. */
export function compilations(): { readonly programs: number; readonly milliseconds: number } {
  return { programs: compiled, milliseconds };
}

/** The program for a device; compiled at the first call. */
export function pipelineOf(device: GPUDevice, program: GpuProgram): Pipeline {
  const known = pipelines.get(device) ?? new Map<string, Pipeline>();
  pipelines.set(device, known);
  const source = sourceOf(program);
  let pipeline = known.get(source);
  if (pipeline === undefined) {
    const start = performance.now();
    known.set(source, (pipeline = compile(device, program, source)));
    compiled++;
    milliseconds += performance.now() - start;
  }
  return pipeline;
}

function compile(device: GPUDevice, { name, reads, writes }: GpuProgram, code: string): Pipeline {
  const types = [
    "uniform" as const,
    ...Object.keys(reads).map(() => "read-only-storage" as const),
    ...Object.keys(writes).map(() => "storage" as const),
  ];
  const most = device.limits.maxStorageBuffersPerShaderStage;
  if (types.length - 1 > most)
    throw new Error(
      `webgpu: the program ${name} needs ${types.length - 1} storage buffers, more than the ${most} of this device.`,
    );
  // Stated, not derived: a derived layout leaves out what a program happens not to use.
  const layout = device.createBindGroupLayout({
    entries: types.map((type, binding) => ({
      binding,
      visibility: 4, // GPUShaderStage.COMPUTE
      buffer: { type },
    })),
  });
  const pipeline = device.createComputePipeline({
    label: name,
    layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
    compute: { module: device.createShaderModule({ label: name, code }), entryPoint: "main" },
  });
  return { pipeline, layout };
}
