//! Records as lines: CloudWatch's embedded metric format, written at once. Between invocations the process is frozen, so nothing may wait
//! for a thread or a timer.

use std::io::Write;

use metrique::emf::{Emf, EmfBuilder, MetricDefinition, MetricDirective};
use metrique::writer::format::Format as _;
use metrique::writer::{Entry, Unit};

/// Of all metrics.
pub(super) const NAMESPACE: &str = "Campanile";

/// The dimension that all have.
const FUNCTION: &str = "FunctionName";

/// Where lines go, and how they are made.
pub(super) struct Output {
    out: Box<dyn Write + Send>,
    format: Emf,
    deliveries: Emf,
}

impl Output {
    pub(super) fn new(out: impl Write + Send + 'static) -> Self {
        Self { out: Box::new(out), format: of_function().build(), deliveries: deliveries() }
    }

    /// Writes a record whose metrics have all its dimensions.
    pub(super) fn write(&mut self, entry: &impl Entry) {
        line(&mut self.format, &mut self.out, entry);
    }

    /// Writes the end of a delivery.
    pub(super) fn delivery(&mut self, entry: &impl Entry) {
        line(&mut self.deliveries, &mut self.out, entry);
    }
}

fn of_function() -> EmfBuilder {
    Emf::builder(NAMESPACE.to_owned(), vec![vec![FUNCTION.to_owned()]])
}

/// By function all metrics; the others with as few dimensions as they are looked at by.
fn deliveries() -> Emf {
    let counted = |name: &'static str, dimensions: Vec<&'static str>| MetricDirective {
        dimensions: vec![dimensions],
        metrics: vec![MetricDefinition { name, unit: Unit::Count, storage_resolution: None }],
        namespace: NAMESPACE,
    };
    of_function()
        .directive(counted("Deliveries", vec![FUNCTION, "Channel", "Status"]))
        .directive(counted("Undelivered", vec![FUNCTION, "Channel"]))
        .build()
}

/// One write for the whole line: others write to the same place.
fn line(format: &mut Emf, out: &mut dyn Write, entry: &impl Entry) {
    let mut line = Vec::new();
    if let Err(error) = format.format(entry, &mut line) {
        tracing::error!("a record is lost: {error}");
        return;
    }
    // If nobody reads the log, there is nobody to tell.
    out.write_all(&line).and_then(|()| out.flush()).ok();
}
