// Tests of how suites treat a backend that is missing.

import { expect } from "chai";
import { ArgumentError, BackendError } from "../../src/errors.js";
import { isRequired, skipReason, whyMissing } from "./backends.js";

describe("isRequired()", () => {
  it("is whether the list names the backend", () => {
    expect(isRequired("wasm", "wasm, cpu")).to.equal(true);
    expect(isRequired("cpu", "wasm, cpu")).to.equal(true);
    expect(isRequired("webgpu", "wasm,cpu")).to.equal(false);
    expect(isRequired("cpu", "")).to.equal(false);
  });
});

describe("whyMissing()", () => {
  it("is null for a backend that starts", async () => {
    expect(await whyMissing("cpu", () => Promise.resolve())).to.equal(null);
  });

  it("is the message of a backend that is not there", async () => {
    const use = (): Promise<never> => Promise.reject(new BackendError("no adapter"));
    expect(await whyMissing("webgpu", use)).to.equal("no adapter");
  });

  it("passes other errors on, which are faults and no reasons to skip", async () => {
    const use = (): Promise<never> => Promise.reject(new ArgumentError("what?"));
    const outcome = await whyMissing("webgpu", use).catch((error: unknown) => error);
    expect(outcome).to.be.instanceOf(ArgumentError);
  });
});

describe("skipReason()", () => {
  it("is the reason, or an error where the backend is required", () => {
    expect(skipReason("webgpu", "no adapter", "wasm")).to.equal("no adapter");
    expect(() => skipReason("webgpu", "no adapter", "wasm,webgpu")).to.throw(
      "REQUIRE_BACKENDS lists webgpu, but: no adapter",
    );
  });
});
