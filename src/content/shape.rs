//! How fields are read, whatever format hands them on.

use std::marker::PhantomData;

use serde::de::{DeserializeOwned, Deserializer};

/// A reader of fields.
pub(super) trait Shape {
    /// What they become.
    type Value;

    /// Reads them.
    ///
    /// # Errors
    /// What does not fit.
    fn read<'de, D: Deserializer<'de>>(&self, from: D) -> Result<Self::Value, D::Error>;
}

impl<T: DeserializeOwned> Shape for PhantomData<T> {
    type Value = T;

    fn read<'de, D: Deserializer<'de>>(&self, from: D) -> Result<T, D::Error> {
        T::deserialize(from)
    }
}
