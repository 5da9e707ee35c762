// The sources of data that read files. Node only.

export { readIdx } from "./idx-file.js";
export { dataFolder, readMnist, type Mnist, type MnistOptions } from "./mnist-file.js";
export { readGraph, readModel, type IsingFile, type ReadModelOptions } from "./ising-file.js";
export { mnistText } from "./mnist-text.js";
export { readImageFolder, type ImageFolderOptions } from "./image-folder.js";
