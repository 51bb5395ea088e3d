//! Spans of properties give back what they stand for.

use proptest::prelude::*;
use wardline_text::properties::parse;

proptest! {
    #[test]
    fn keys_and_values_as_written_mean_the_same(text in "[ab=:#!\\\\ \\t\\n\\ru0é]{0,30}") {
        let parsed = parse(&text);
        let readable = parsed.errors.is_empty();
        for entry in parsed.entries.into_iter().filter(|_| readable) {
            let written = format!("{}={}", &text[entry.key_span.range()], &text[entry.value_span.range()]);
            let again = parse(&written);
            prop_assert_eq!(again.entries.len(), 1, "{:?}", written);
            prop_assert_eq!(&again.entries[0].key, &entry.key);
            // The span leaves out the trailing blanks that the value has.
            let rest = entry.value.strip_prefix(again.entries[0].value.as_str());
            let blank = rest.is_some_and(|rest| rest.chars().all(|c| matches!(c, ' ' | '\t')));
            prop_assert!(blank, "{:?} became {:?}", entry.value, again.entries[0].value);
        }
    }
}
