// A driver of benchmarks/peers/ as a point of a campaign: what is not installed is not run. Knows no physics.

import { NotRun } from "../campaign/question.js";
import { askPeers, PeerAbsent } from "../peer-driver.js";

/**
 * The lines that a driver printed for a job.
 *
 * @throws NotRun where Python or the peer is not installed; Error where the driver failed
 */
export async function driverLines<Line extends object>(
  name: string,
  peer: string,
  job: object,
): Promise<readonly Line[]> {
  const { lines, missing } = await askPeers<Line>(name, [peer], job).catch((error: unknown) => {
    throw error instanceof PeerAbsent ? new NotRun(error.message) : error;
  });
  if (missing.length > 0) throw new NotRun(missing.join(" "));
  return lines;
}
