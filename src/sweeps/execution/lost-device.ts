// Signs in the last words of an executor that its GPU is gone: no row is to blame then.

const SIGNS =
  /CUDA_ERROR_(?:NO_DEVICE|INVALID_DEVICE|DEVICE_UNAVAILABLE|DEVICE_NOT_LICENSED|ECC_UNCORRECTABLE|NVLINK_UNCORRECTABLE|SYSTEM_NOT_READY|CONTAINED)|fallen off the bus|unable to determine the device handle|uncorrectable (?:ECC|NVLINK) error|no CUDA-capable device/i;

/** The line that says that a device is gone; undefined where none does. */
export function lostDevice(words: string): string | undefined {
  return words
    .split("\n")
    .find((line) => SIGNS.test(line))
    ?.trim()
    .slice(0, 200);
}
