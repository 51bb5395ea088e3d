//! Step `key`: whether the key's certificate vouches for this chip with these firmware versions.

use super::extension::{KeyExtension, Owner};
use super::signature::Signer;
use crate::crypto::hex;
use crate::step::Check;
use wire::tee::snp::{Components, Product, Report, SigningKey, Tcb};

const MISMATCH: &str = "tee/evidence-genuine#snp-key-mismatch";
const SOURCE: &str = "AMD 57230, X.509 extensions; AMD 56860, ATTESTATION_REPORT";

/// The checks of the step.
pub(super) fn checks(report: &Report<'_>, signer: Option<&Signer>) -> Vec<Check> {
    let Some(signer) = signer else {
        return vec![missing(report), masking(report)];
    };
    let certificate = signer.endorsement.certificate.common_name();
    match &signer.endorsement.extension {
        Err(why) => vec![
            Check::fail("endorsement key's certificate", MISMATCH)
                .value(certificate.to_owned())
                .detail(why.to_string())
                .source(SOURCE),
            masking(report),
        ],
        Ok(extension) => vec![
            kind(report, extension),
            product(report, extension),
            versions(report, extension),
            chip(report, extension),
            masking(report),
        ],
    }
}

/// The product that made a report: as the processor says, or as the key's certificate says where the report is too old to.
pub(super) fn product_of(report: &Report<'_>, extension: Option<&KeyExtension>) -> Option<Product> {
    match report.cpuid {
        Some(cpuid) => cpuid.product(),
        None => extension.map(|extension| extension.product),
    }
}

fn missing(report: &Report<'_>) -> Check {
    let product = product_of(report, None);
    let why = match (report.key_info.signing_key(), product) {
        (SigningKey::Vcek, product) if !report.is_chip_id_masked() => {
            let name = product.map_or("PRODUCT", Product::name);
            let length = product.map_or(64, Product::chip_id_length);
            let id = report.chip_id.get(..length).unwrap_or_default();
            format!(
                "no certificate of this chip was given: https://kdsintf.amd.com/vcek/v1/{name}/{}?{}",
                hex(id),
                query(report.reported_tcb, product)
            )
        }
        (SigningKey::Vlek, _) => {
            "no certificate of the provider's key was given: it is handed out with the report"
                .to_owned()
        }
        _ => "no certificate of an endorsement key was given".to_owned(),
    };
    Check::unproven("endorsement key", why).source(SOURCE)
}

/// What AMD's key service wants to know beside the chip.
fn query(tcb: Tcb, product: Option<Product>) -> String {
    let Some(product) = product else {
        return "blSPL=..&teeSPL=..&snpSPL=..&ucodeSPL=..".to_owned();
    };
    let Components {
        fmc,
        bootloader,
        tee,
        snp,
        microcode,
    } = tcb.components(product.tcb_layout());
    let first = fmc.map_or(String::new(), |fmc| format!("fmcSPL={fmc}&"));
    format!("{first}blSPL={bootloader}&teeSPL={tee}&snpSPL={snp}&ucodeSPL={microcode}")
}

fn kind(report: &Report<'_>, extension: &KeyExtension) -> Check {
    const WHAT: &str = "kind of the key";
    let asked = report.key_info.signing_key();
    let (found, fits) = match &extension.owner {
        Owner::Chip(_) => ("VCEK".to_owned(), asked == SigningKey::Vcek),
        Owner::Provider(name) => (format!("VLEK of {name}"), asked == SigningKey::Vlek),
    };
    let named = match asked {
        SigningKey::Vcek => "VCEK".to_owned(),
        SigningKey::Vlek => "VLEK".to_owned(),
        SigningKey::None => "none".to_owned(),
        SigningKey::Reserved(number) => format!("{number} (reserved)"),
    };
    let check = if fits {
        Check::pass(WHAT)
    } else {
        Check::fail(WHAT, MISMATCH)
            .detail("the report names another kind of key than that of the certificate")
    };
    check.value(found).limit(named).source(SOURCE)
}

fn product(report: &Report<'_>, extension: &KeyExtension) -> Check {
    const WHAT: &str = "product of the key";
    let name = extension.product.name();
    let Some(cpuid) = report.cpuid else {
        return Check::pass(WHAT)
            .value(name)
            .detail("as the certificate says: a report of version 2 does not name the processor");
    };
    let check = if cpuid.product() == Some(extension.product) {
        Check::pass(WHAT)
    } else {
        Check::fail(WHAT, MISMATCH)
            .detail("the processor of the report is of another product than the key")
    };
    let processor = cpuid.product().map_or("unknown", Product::name);
    check
        .value(name)
        .limit(format!("{processor} ({cpuid})"))
        .source(SOURCE)
}

fn versions(report: &Report<'_>, extension: &KeyExtension) -> Check {
    const WHAT: &str = "versions of the key";
    let layout = extension.product.tcb_layout();
    let check = if extension.tcb == report.reported_tcb {
        Check::pass(WHAT)
    } else {
        Check::fail(WHAT, MISMATCH)
            .detail("the key is derived from other firmware versions than the report claims")
    };
    check
        .value(extension.tcb.components(layout).to_string())
        .limit(format!(
            "REPORTED_TCB: {}",
            report.reported_tcb.components(layout)
        ))
        .source(SOURCE)
}

fn chip(report: &Report<'_>, extension: &KeyExtension) -> Check {
    const WHAT: &str = "chip of the key";
    let Owner::Chip(hardware_id) = &extension.owner else {
        return Check::not_applicable(WHAT, "the key belongs to a provider, not to a chip");
    };
    if report.is_chip_id_masked() {
        return Check::unproven(
            WHAT,
            "masked: the host hides CHIP_ID, so the chip cannot be told",
        )
        .value("CHIP_ID all zero")
        .cause(MISMATCH)
        .source(SOURCE);
    }
    // Turin's identifiers take 8 bytes; the rest of the field is zero there.
    let (id, rest) = report
        .chip_id
        .split_at_checked(hardware_id.len())
        .unwrap_or((report.chip_id, &[]));
    let is_length = hardware_id.len() == extension.product.chip_id_length();
    let check = if is_length && id == &**hardware_id && rest.iter().all(|byte| *byte == 0) {
        Check::pass(WHAT)
    } else {
        Check::fail(WHAT, MISMATCH).detail("the certificate belongs to another chip")
    };
    check
        .value(hex(hardware_id))
        .limit(format!("CHIP_ID: {}", hex(report.chip_id)))
        .source(SOURCE)
}

fn masking(report: &Report<'_>) -> Check {
    const WHAT: &str = "KEY_INFO bit 1 (MASK_CHIP_KEY)";
    if report.key_info.masks_chip_key() {
        Check::fail(WHAT, MISMATCH)
            .value("1")
            .limit("0")
            .source(SOURCE)
            .detail("the host keeps the firmware from signing")
    } else {
        Check::pass(WHAT).value("0")
    }
}
