// The version of this package; a test keeps it equal to package.json.

/** Version of zenoflow. */
export const VERSION = "0.1.0" as const;
