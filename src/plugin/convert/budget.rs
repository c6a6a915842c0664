//! What one message may make of itself in memory and on the stack, whatever its bytes claim.

use super::error::ConvertError;

/// Types nest as deep as a schema says, except inside a dynamic value, which brings its own.
const MAXIMUM_DEPTH: usize = 128;

/// Values of one message, at all depths. As a flat list that many take a few hundred MiB.
const MAXIMUM_VALUES: usize = 4_000_000;

/// Counts the values of one message while they are read.
#[derive(Debug)]
pub(super) struct Budget {
    values_left: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { values_left: MAXIMUM_VALUES }
    }
}

impl Budget {
    /// A smaller one, for tests.
    #[cfg(test)]
    pub(super) fn of(values_left: usize) -> Self {
        Self { values_left }
    }

    /// Pays for one value; the outermost one is at depth 0.
    pub(super) fn spend(&mut self, depth: usize) -> Result<(), ConvertError> {
        if depth >= MAXIMUM_DEPTH {
            return Err(ConvertError::new("values are nested too deep"));
        }
        self.values_left =
            self.values_left.checked_sub(1).ok_or_else(|| ConvertError::new("there are too many values"))?;
        Ok(())
    }
}
