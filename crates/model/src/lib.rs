//! The words of Wardline as types: facts, claims, verdicts, findings.
