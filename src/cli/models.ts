// The models the command line knows. Nothing is loaded until a verb asks for it.

import type { z } from "zod";
import type { Work } from "../backend-auto.js";
import type { ModelDefinition } from "../models/model.js";

/** Schema and presets of a model; loading them loads no tensors. */
export type ModelSettings = {
  readonly schema: z.ZodType;
  readonly presets: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Raised when the same settings give other numbers. */
  readonly numericsVersion: number;
};

/** One model by name. */
export type ModelEntry = {
  /** A few words for lists. */
  readonly title: string;
  /** Dotted keys of the configuration that name data files. */
  readonly dataKeys: readonly string[];
  /**
   * Whether these may name a folder with the files of MNIST, or "mnist" for the one in the cache, and in what form the model
   * takes them: `"columns"`, few intensities as CSV; `"pixels"`, all of them as `packImages` has them, folders of photographs
   * included, which `data.side` and `data.seed` bring to size and split. Absent: they may not.
   */
  readonly images?: "columns" | "pixels";
  /** What it computes mostly, for `--backend auto`. Absent: small operations. */
  readonly work?: Work;
  settings(): Promise<ModelSettings>;
  load(): Promise<ModelDefinition<unknown>>;
};

/** Models by the name users type. */
export type ModelRegistry = Readonly<Record<string, ModelEntry>>;

/** The models that come with zenoflow. */
export const models: ModelRegistry = {
  dqgan: {
    title:
      "dissipation-driven quantum GAN: learns a distribution of angles from a CSV file or a line",
    dataKeys: ["data.file"],
    async settings() {
      const { dqganSchema, dqganPresets, dqganNumericsVersion } =
        await import("../models/dqgan/config.js");
      return { schema: dqganSchema, presets: dqganPresets, numericsVersion: dqganNumericsVersion };
    },
    async load() {
      const { dqgan } = await import("../models/dqgan/index.js");
      return dqgan;
    },
  },
  boltzmann: {
    title:
      "Boltzmann machine on any graph: learns binarised images (MNIST, digits, bars and stripes) or columns of spins",
    dataKeys: ["data.file"],
    images: "columns",
    async settings() {
      const { boltzmannSchema, boltzmannPresets, boltzmannNumericsVersion } =
        await import("../models/boltzmann/config.js");
      return {
        schema: boltzmannSchema,
        presets: boltzmannPresets,
        numericsVersion: boltzmannNumericsVersion,
      };
    },
    async load() {
      const { boltzmann } = await import("../models/boltzmann/index.js");
      return boltzmann;
    },
  },
  "hybrid-qgan": {
    title:
      "hybrid quantum-classical GAN: a parametrised circuit learns a law or a CSV file against a WGAN-GP critic",
    dataKeys: ["data.file"],
    async settings() {
      const { hybridSchema, hybridPresets, hybridNumericsVersion } =
        await import("../models/hybrid-qgan/config.js");
      return {
        schema: hybridSchema,
        presets: hybridPresets,
        numericsVersion: hybridNumericsVersion,
      };
    },
    async load() {
      const { hybridQgan } = await import("../models/hybrid-qgan/index.js");
      return hybridQgan;
    },
  },
  qaaan: {
    title:
      "associative adversarial network: draws images (synthetic digits and rooms, MNIST, a folder) from a trained Boltzmann machine",
    dataKeys: ["data.file"],
    images: "pixels",
    work: "convolutions",
    async settings() {
      const { qaaanSchema, qaaanPresets, qaaanNumericsVersion } =
        await import("../models/qaaan/config.js");
      return { schema: qaaanSchema, presets: qaaanPresets, numericsVersion: qaaanNumericsVersion };
    },
    async load() {
      const { qaaan } = await import("../models/qaaan/index.js");
      return qaaan;
    },
  },
};
