//! What devices, workloads and verifiers present: real evidence, and evidence made for the tests.

#[cfg(test)]
mod ccel;
#[cfg(test)]
mod certificates;
#[cfg(test)]
mod minted;
#[cfg(test)]
mod nvidia;
#[cfg(test)]
mod nvidia_minted;
#[cfg(test)]
mod nvidia_responses;
#[cfg(test)]
mod nvidia_rim;
#[cfg(test)]
mod nvidia_rim_real;
#[cfg(test)]
mod ocsp;
#[cfg(test)]
mod ocsp_openssl;
#[cfg(test)]
mod ra_tls;
#[cfg(test)]
mod ra_tls_evidence;
