// The engine of this machine: one idle supervisor, and an executor for each device or core. Needs no service.

import { removeRungs } from "../../execution/checkpoint.js";
import { createSlot, type Slot } from "../../execution/slot.js";
import { createQueue } from "../block-queue.js";
import { createEnding } from "../ending.js";
import {
  SweepFailure,
  type Engine,
  type EngineOptions,
  type Sweep,
  type SweepEnd,
  type SweepEvents,
} from "../engine.js";
import { watchWishes } from "../wishes.js";
import { createDevice, type Device } from "./device.js";

/** One place a device; without devices as many places as are wanted. */
function devicesOf({ gpus, workers }: EngineOptions): readonly (Device | undefined)[] {
  return gpus?.map(createDevice) ?? Array.from({ length: workers }, () => undefined);
}

async function run(sweep: Sweep, options: EngineOptions, events: SweepEvents): Promise<SweepEnd> {
  const { store } = sweep;
  const slots = new Set<Slot>();
  const ending = createEnding(sweep, options);
  const queue = createQueue(() => sweep.left());
  const wishes = watchWishes(store, options.timing.desired, (desired) => {
    queue.pause(desired.pause === true);
    ending.look(desired);
  });
  const told: SweepEvents = {
    ...events,
    done(block, done) {
      events.done(block, done);
      ending.failed(done.counts.error, wishes.now());
    },
  };
  const stop = (): void => {
    for (const slot of slots) slot.stop();
    queue.close();
  };
  ending.signal.addEventListener("abort", stop);
  if (ending.signal.aborted) stop();

  const devices = devicesOf(options);
  const workers = devices.length;
  const open = (index: number, device: Device | undefined): Slot => {
    const env = { ...options.env, ...device?.env };
    const slot = createSlot(index, store, { ...options, env, workers, stop: ending.signal }, told);
    slots.add(slot);
    return slot;
  };
  const replace = async (slot: Slot, index: number, device: Device): Promise<Slot> => {
    slots.delete(slot);
    await slot.close();
    return open(index, device);
  };

  let usable = devices.length;
  /** What is to be done about a device that failed: go on with it, or leave it. */
  const afterLoss = (device: Device, failure: SweepFailure): void => {
    if (!device.lost()) {
      events.trouble(`GPU ${device.name}: ${failure.message}; starting it again`);
      return;
    }
    usable--;
    events.trouble(`GPU ${device.name}: ${failure.message}; lost twice, no longer used`);
    for (const pid of device.leftovers())
      events.trouble(`GPU ${device.name}: process ${pid.toString()} of this sweep is still on it`);
    if (usable === 0) throw failure;
  };
  const serve = async (index: number, device: Device | undefined): Promise<void> => {
    let slot = open(index, device);
    while (device?.isQuarantined() !== true) {
      const block = await queue.next();
      if (block === undefined) return;
      try {
        if ((await slot.complete(block, wishes.pruned(block))) === "stopped") return;
      } catch (error) {
        const isLoss = error instanceof SweepFailure && error.reason === "unavailable";
        if (device === undefined || !isLoss) throw error;
        slot = await replace(slot, index, device);
        afterLoss(device, error);
      } finally {
        // Where it was not committed it is asked for again.
        queue.done(block);
      }
    }
  };

  try {
    await Promise.all(devices.map((device, index) => serve(index, device)));
    const reason = ending.reason();
    if (reason === null && sweep.isPart !== true) removeRungs(store.folder);
    return reason ?? "finished";
  } finally {
    queue.close();
    ending.close();
    wishes.close();
    await Promise.all([...slots].map((slot) => slot.close()));
  }
}

/** The engine of this machine. */
export const local: Engine = { name: "local", run };
