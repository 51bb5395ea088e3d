//! What every parser owes whatever it is given, over the fuzz targets' seed corpora.

mod corpus;
mod respan;
mod sound;
