// The live page of a sweep. Node only.

export { serveLive, type LiveOptions, type LiveServer } from "./server.js";
