//! The English words of dates, as `java.text.DateFormatSymbols` and the CLDR have them for `en_US`.

/// The words of one field, the first of them for its lowest value.
#[derive(Debug)]
pub(super) struct Names {
    short: &'static [&'static str],
    full: &'static [&'static str],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Short,
    Full,
}

/// Era 0 and era 1.
pub(super) static ERAS: Names = Names { short: &["BC", "AD"], full: &["Before Christ", "Anno Domini"] };

/// The halves of a day.
pub(super) static HALVES: Names = Names { short: &["AM", "PM"], full: &["AM", "PM"] };

/// January first.
pub(super) static MONTHS: Names = Names {
    short: &["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    full: &[
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
};

/// Monday first, as in ISO 8601.
pub(super) static WEEKDAYS: Names = Names {
    short: &["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    full: &["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
};

impl Names {
    /// The word for the value that is `offset` above the lowest.
    pub(super) fn word(&self, style: Style, offset: i64) -> Option<&'static str> {
        self.words(style).get(usize::try_from(offset).ok()?).copied()
    }

    /// Which word the text begins with, as the value's distance from the lowest, and the text behind it.
    pub(super) fn at_start<'t>(&self, style: Style, text: &'t str) -> Option<(i64, &'t str)> {
        (0..).zip(self.words(style)).find_map(|(offset, word)| Some((offset, text.strip_prefix(word)?)))
    }

    fn words(&self, style: Style) -> &'static [&'static str] {
        match style {
            Style::Short => self.short,
            Style::Full => self.full,
        }
    }
}
