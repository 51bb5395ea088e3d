//! Text, JSON and SARIF reports.
