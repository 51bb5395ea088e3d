//! Reports of small outcomes: what they say, what they must never say, and that machines can read them.

#[cfg(test)]
mod disclosure;
#[cfg(test)]
mod formats;
#[cfg(test)]
mod json;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod sarif;
#[cfg(test)]
mod transcripts;
