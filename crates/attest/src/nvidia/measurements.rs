//! Which measurements of a device count.

use wire::tee::nvidia::{Evidence, FieldKind, Measurement};

/// The measurement of the video decoder's firmware. NVIDIA's verifiers leave it out where the decoder is off.
const NVDEC0: u8 = 36;
const NVDEC0_OFF: u8 = 0x55;

/// A measurement by its index, from 1.
pub(super) fn at<'e>(index: u8, evidence: &'e Evidence<'e>) -> Option<&'e Measurement<'e>> {
    let mut measurements = evidence.measurements.iter();
    measurements.find(|measurement| measurement.index == index)
}

/// Whether a measurement says anything of this device: that of a decoder that is off does not.
pub(super) fn counts(index: u8, evidence: &Evidence<'_>) -> bool {
    index != NVDEC0 || evidence.opaque(FieldKind::NVDEC0_STATUS) != Some(&[NVDEC0_OFF])
}

/// The measurements that the device made: unused ones are zero.
pub(super) fn made<'e>(evidence: &'e Evidence<'e>) -> impl Iterator<Item = &'e Measurement<'e>> {
    evidence.measurements.iter().filter(|measurement| {
        let is_zero = measurement.value.iter().all(|byte| *byte == 0);
        !is_zero && counts(measurement.index, evidence)
    })
}
