// The mocha reporter: a line per suite, every failure with its diff, every skipped test by name and
// reason, and last the line `N passed, N failed, N skipped`. Needs one process (no `--parallel`).

import Mocha from "mocha";

const { Base } = Mocha.reporters;
const { EVENT_RUN_END, EVENT_SUITE_END, EVENT_TEST_FAIL, EVENT_TEST_PASS, EVENT_TEST_PENDING } =
  Mocha.Runner.constants;

/** Tests that take longer than this are named with their time. */
const SLOW_MS = 1000;

/** Milliseconds after the last test in which the process may end by itself; the reporter option `grace`. */
const GRACE_MS = 20_000;

/**
 * Ends a process that something keeps alive after the tests, and says what: on a machine that nobody watches it would run
 * until it is killed. Does not keep it alive itself. Mocha sets the exit code when the process ends.
 */
function endLater(grace) {
  const end = () => {
    const what = process.getActiveResourcesInfo().join(", ");
    process.stderr.write(`the tests have ended and the process has not: ${what}\n`);
    process.exit();
  };
  setTimeout(end, grace).unref();
}

/** Why a test was skipped: `skipReason` of the test or of the nearest suite around it, set by the test. */
function reasonOf(runnable) {
  for (let at = runnable; at; at = at.parent) if (at.skipReason) return ` (${at.skipReason})`;
  return "";
}

const titleOf = (runnable) => runnable.titlePath().join(" › ");

/** Counts of the tests that stand directly in one suite. */
const noCounts = () => ({ passed: 0, failed: 0, skipped: [], slow: [], duration: 0 });

/** `12 passed, 1 failed, 2 skipped (340 ms)`, without the zeros. */
function summaryOf({ passed, failed, skipped, duration }) {
  const parts = [
    passed > 0 && Base.color("green", `${passed} passed`),
    failed > 0 && Base.color("fail", `${failed} failed`),
    skipped.length > 0 && Base.color("pending", `${skipped.length} skipped`),
  ];
  return `${parts.filter(Boolean).join(", ")} ${Base.color("light", `(${duration} ms)`)}`;
}

/** Compact specification reporter. */
class Reporter extends Base {
  #suites = new Map();
  #grace;

  constructor(runner, options) {
    super(runner, options);
    this.#grace = Number(options?.reporterOptions?.grace ?? GRACE_MS);
    runner.on(EVENT_TEST_PASS, (test) => this.#passed(test));
    runner.on(EVENT_TEST_FAIL, (test) => this.#failed(test));
    runner.on(EVENT_TEST_PENDING, (test) => this.#of(test).skipped.push(test));
    runner.on(EVENT_SUITE_END, (suite) => this.#suiteEnd(suite));
    runner.once(EVENT_RUN_END, () => this.#runEnd());
  }

  #of(test) {
    const counts = this.#suites.get(test.parent) ?? noCounts();
    this.#suites.set(test.parent, counts);
    return counts;
  }

  #passed(test) {
    const counts = this.#of(test);
    counts.passed++;
    counts.duration += test.duration;
    if (test.duration > SLOW_MS) counts.slow.push(test);
  }

  /** A failed hook counts as a failure of the suite it stands in. */
  #failed(test) {
    const counts = this.#of(test);
    counts.failed++;
    counts.duration += test.duration ?? 0;
    Base.consoleLog(Base.color("fail", `FAILED ${titleOf(test)}`));
  }

  #suiteEnd(suite) {
    const counts = this.#suites.get(suite);
    if (!counts) return;
    const title = suite.root ? "(no suite)" : titleOf(suite);
    Base.consoleLog(`${title}  ${summaryOf(counts)}`);
    for (const test of counts.slow)
      Base.consoleLog(`  ${Base.color("medium", `${test.duration} ms`)} ${test.title}`);
    for (const test of counts.skipped)
      Base.consoleLog(`  ${Base.color("pending", "skipped")} ${test.title}${reasonOf(test)}`);
  }

  #runEnd() {
    const { passes, failures, pending } = this.stats;
    if (this.failures.length > 0) Base.list(this.failures);
    Base.consoleLog(`\n${passes} passed, ${failures} failed, ${pending} skipped`);
    endLater(this.#grace);
  }
}

// Mocha loads reporters with `require`, which hands out this export as the module.
export { Reporter as default, Reporter as "module.exports" };
