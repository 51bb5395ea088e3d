use super::*;

const CONF: &str = "\
# krb5
ignored before the first section
includedir /etc/krb5.conf.d/
[libdefaults]
  default_realm = EXAMPLE.COM  \n\
  allow_weak_crypto* = true
\tpermitted_enctypes = \"aes256-cts \\\"x\\\"\" rest
; comment
[realms]*
  EXAMPLE.COM = {
    kdc = kdc1:88
    kdc = kdc2:88
    # comment
    auth_to_local_names =
    {
      a = b
    }*
  }
[libdefaults]
  rdns = false\r
";

#[test]
fn reads_sections_groups_and_directives() {
    let profile = parse(CONF);
    assert_eq!(profile.errors, []);
    assert_eq!(profile.directives[0].path, "/etc/krb5.conf.d/");
    assert_eq!(profile.directives[0].kind, DirectiveKind::Directory);
    let texts = |section: &str, path: &[&str]| -> Vec<String> {
        let values = profile.values(section, path);
        values.iter().map(|(text, _)| (*text).to_owned()).collect()
    };
    assert_eq!(texts("libdefaults", &["default_realm"]), ["EXAMPLE.COM"]);
    assert_eq!(texts("libdefaults", &["rdns"]), ["false"]);
    assert_eq!(
        texts("libdefaults", &["permitted_enctypes"]),
        ["aes256-cts \"x\""]
    );
    assert_eq!(
        texts("realms", &["EXAMPLE.COM", "kdc"]),
        ["kdc1:88", "kdc2:88"]
    );
    assert_eq!(
        texts("realms", &["EXAMPLE.COM", "auth_to_local_names", "a"]),
        ["b"]
    );
    assert!(texts("realms", &["EXAMPLE.COM"]).is_empty());
    assert!(texts("realms", &[]).is_empty());
}

#[test]
fn finality_is_noted() {
    let profile = parse(CONF);
    let weak = &profile.sections[0].relations[1];
    assert_eq!(
        (weak.tag.as_str(), weak.is_final),
        ("allow_weak_crypto", true)
    );
    assert!(profile.sections[1].is_final && !profile.sections[0].is_final);
    let Setting::Group(realm) = &profile.sections[1].relations[0].value else {
        panic!("a realm is a group");
    };
    assert!(realm[2].is_final && !realm[0].is_final);
}

#[test]
fn spans_are_the_bytes_as_written() {
    let profile = parse(CONF);
    let slice = |span: Span| &CONF[span.range()];
    assert_eq!(slice(profile.sections[1].span), "[realms]");
    assert_eq!(slice(profile.directives[0].path_span), "/etc/krb5.conf.d/");
    let defaults = &profile.sections[0].relations;
    assert_eq!(slice(defaults[0].span), "default_realm = EXAMPLE.COM");
    assert_eq!(slice(defaults[1].tag_span), "allow_weak_crypto");
    let quoted = profile.values("libdefaults", &["permitted_enctypes"])[0].1;
    assert_eq!(slice(quoted), "\"aes256-cts \\\"x\\\"\" rest");
    let realm = slice(profile.sections[1].relations[0].span);
    assert!(realm.starts_with("EXAMPLE.COM = {") && realm.ends_with("}*\n  }"));
}

#[test]
fn malformed_lines_are_errors_and_the_rest_is_read() {
    for (text, errors) in [
        ("[a\n[b]\nx = 1\n", 1),
        ("[b]\n[a\nx = 1\n", 1),
        ("[b] c\n[b]\nx = 1\n", 1),
        ("[b]\nnothing\nx = 1\n", 1),
        ("[b]\n= y\nx = 1\n", 1),
        ("[b]\ny z = 1\nx = 1\n", 1),
        ("[b]\n}\nx = 1\n", 1),
        ("[c]\ny = {\n[b]\nx = 1\n", 1),
    ] {
        let profile = parse(text);
        let values = profile.values("b", &["x"]);
        assert_eq!(values.first().map(|(text, _)| *text), Some("1"), "{text:?}");
        assert_eq!(profile.errors.len(), errors, "{text:?}");
    }
    assert_eq!(parse("[b]\ny =\nx = 1\n").errors.len(), 1);
}

#[test]
fn groups_are_bounded() {
    let profile = parse(&format!("[a]\n{}", "b = {\n".repeat(100_000)));
    assert!(profile.errors[0].message.contains("deeper"));
    assert_eq!(profile.errors.len(), MAX_ERRORS);
}
