//! The versions of the SQL dialect (`awsIotSqlVersion`).

use std::fmt;

/// A version of the dialect.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// `2015-10-08`: no literals, nested queries or encoding; decimals keep their `.0`. What AWS takes if a template says
    /// nothing.
    V2015,
    /// `2016-03-23`: the version to use.
    #[default]
    V2016,
    /// `beta`: here the same as 2016-03-23.
    Beta,
}

impl Version {
    /// All names.
    pub const NAMES: [&str; 3] = ["2015-10-08", "2016-03-23", "beta"];

    /// The version of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::V2015, Self::V2016, Self::Beta].into_iter().find(|version| version.name() == name)
    }

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        let [first, second, beta] = Self::NAMES;
        match self {
            Self::V2015 => first,
            Self::V2016 => second,
            Self::Beta => beta,
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
