// The sources of data that read files. Node only.

export { readIdx } from "./idx-file.js";
export {
  bytesOnDisk,
  DATA_SETS,
  dataFolder,
  dataSetFolder,
  fileState,
  isOffline,
  mirrorsOf,
  type DataSet,
  type DataSetFile,
  type Environment,
  type FileState,
} from "./data-sets.js";
export { fetchDataSet, type Fetched, type FetchOptions } from "./fetch-data-set.js";
export { mnistSet, readMnist, type Mnist, type MnistOptions } from "./mnist-file.js";
export { readGraph, readModel, type IsingFile, type ReadModelOptions } from "./ising-file.js";
export { mnistText } from "./mnist-text.js";
export { readImageFolder, type ImageFolderOptions } from "./image-folder.js";
