//! snippet-runner
