//! Who asks for a login before a request reaches a page: the annotations of an Ingress, the middlewares of Traefik.
//!
//! Every controller reads annotations of its own prefix only. An annotation of another controller's is a comment. Functions
//! that take `objects` look up middlewares among them; see [`middlewares`].

use settings::kubernetes::object::Object;
use text::Node;

/// The objects that the other functions look among.
#[must_use]
pub fn middlewares<'o>(objects: impl IntoIterator<Item = &'o Object>) -> Vec<&'o Object> {
    objects
        .into_iter()
        .filter(|object| is_middleware(object))
        .collect()
}

/// The annotation by which the Ingress's own controller asks for a login: its short name.
#[must_use]
pub fn of_ingress(ingress: &Object, objects: &[&Object]) -> Option<String> {
    of_annotations(
        ingress.at(&["metadata", "annotations"]),
        class(ingress).as_deref(),
        ingress.namespace_or_default(),
        objects,
    )
    .map(|(name, _)| name)
}

/// The same of a mapping of annotations: the short name, and the value. Without a class any controller may be meant.
#[must_use]
pub fn of_annotations<'o>(
    annotations: Option<&'o Node>,
    class: Option<&str>,
    namespace: &str,
    objects: &[&Object],
) -> Option<(String, &'o Node)> {
    let entries = annotations.map_or(&[][..], Node::entries);
    let value = |wanted: &str| {
        let entry = entries
            .iter()
            .find(|entry| entry.key.text() == Some(wanted));
        entry
            .map(|entry| &entry.value)
            .filter(|value| value.text().is_some_and(|text| !text.trim().is_empty()))
    };
    let means = |controller: &str| class.is_none_or(|class| class.contains(controller));
    let text = |name: &str| value(name).and_then(Node::text);
    let nginx = |prefix: &str| -> Option<(String, &'o Node)> {
        let name = |short: &str| format!("{prefix}/{short}");
        if let Some(url) = value(&name("auth-url")) {
            return Some((String::from("auth-url"), url));
        }
        // Basic and digest take their users from a Secret; the type alone is refused.
        if matches!(text(&name("auth-type")), Some("basic" | "digest"))
            && let Some(secret) = value(&name("auth-secret"))
        {
            return Some((String::from("auth-secret"), secret));
        }
        let is_optional = matches!(
            text(&name("auth-tls-verify-client")),
            Some("off" | "optional" | "optional_no_ca")
        );
        value(&name("auth-tls-secret"))
            .filter(|_| !is_optional)
            .map(|secret| (String::from("auth-tls-secret"), secret))
    };
    let one = |name: &str, values: &[&str]| {
        value(name)
            .filter(|node| values.is_empty() || node.text().is_some_and(|v| values.contains(&v)))
            .map(|node| (name.rsplit('/').next().unwrap_or(name).to_owned(), node))
    };
    let nginx_of =
        |controller: &str, prefix: &str| means(controller).then(|| nginx(prefix)).flatten();
    nginx_of("nginx", "nginx.ingress.kubernetes.io")
        .or_else(|| nginx_of("nginx", "ingress.kubernetes.io"))
        .or_else(|| nginx_of("haproxy", "haproxy-ingress.github.io"))
        .or_else(|| nginx_of("haproxy", "ingress.kubernetes.io"))
        .or_else(|| {
            let found = one("haproxy.org/auth-type", &["basic-auth"])
                .or_else(|| one("haproxy-ingress.github.io/oauth", &[]))
                .or_else(|| one("haproxy.org/client-ca", &[]));
            found.filter(|_| means("haproxy"))
        })
        .or_else(|| {
            one("alb.ingress.kubernetes.io/auth-type", &["oidc", "cognito"])
                .filter(|_| means("alb"))
        })
        .or_else(|| {
            let node = value("traefik.ingress.kubernetes.io/router.middlewares")?;
            let names = node.text().unwrap_or_default().split(',');
            let asks = |name: &str| asks_by_reference(name.trim(), namespace, objects);
            (means("traefik") && names.map(str::trim).any(asks))
                .then(|| (String::from("router.middlewares"), node))
        })
        .or_else(|| {
            let node = value("konghq.com/plugins")?;
            let mut names = node.text().unwrap_or_default().split(',');
            (means("kong") && names.any(sounds_like_a_login))
                .then(|| (String::from("plugins"), node))
        })
}

/// The class of an Ingress, in small letters: `spec.ingressClassName`, or the annotation that came before it.
#[must_use]
pub fn class(ingress: &Object) -> Option<String> {
    let named = ingress.at(&["spec", "ingressClassName"]);
    named
        .or_else(|| ingress.annotation("kubernetes.io/ingress.class"))
        .and_then(Node::str)
        .map(str::to_ascii_lowercase)
}

/// `namespace-name@kubernetescrd`: a Middleware of the cluster. One that was not read counts by its name.
fn asks_by_reference(reference: &str, namespace: &str, objects: &[&Object]) -> bool {
    let (name, provider) = reference.split_once('@').unwrap_or((reference, ""));
    let middleware = objects.iter().find(|object| {
        is_middleware(object)
            && provider == "kubernetescrd"
            && name
                == format!(
                    "{}-{}",
                    object.namespace.as_deref().unwrap_or(namespace),
                    object.name
                )
    });
    middleware.map_or_else(
        || sounds_like_a_login(name),
        |middleware| asks(middleware, objects, 0),
    )
}

/// Whether a Middleware of a name in a namespace asks for a login.
#[must_use]
pub fn middleware_asks(name: &str, namespace: &str, objects: &[&Object]) -> bool {
    let middleware = objects.iter().find(|object| {
        is_middleware(object)
            && &*object.name == name
            && object.namespace.as_deref().unwrap_or(namespace) == namespace
    });
    middleware.map_or_else(
        || sounds_like_a_login(name),
        |middleware| asks(middleware, objects, 0),
    )
}

fn is_middleware(object: &Object) -> bool {
    matches!(object.group(), "traefik.io" | "traefik.containo.us") && &*object.kind == "Middleware"
}

/// The kinds of Traefik's middlewares that ask; a chain asks if one of its links does.
fn asks(middleware: &Object, objects: &[&Object], depth: usize) -> bool {
    const ASKING: [&str; 7] = [
        "forwardAuth",
        "basicAuth",
        "digestAuth",
        "oidc",
        "jwt",
        "ldap",
        "oAuthIntrospection",
    ];
    let Some(spec) = middleware.at(&["spec"]) else {
        return false;
    };
    let links = spec
        .at(&["chain", "middlewares"])
        .map_or(&[][..], Node::items);
    let plugins = spec.get("plugin").map_or(&[][..], Node::entries);
    ASKING.iter().any(|kind| spec.get(kind).is_some())
        || plugins
            .iter()
            .any(|plugin| plugin.key.text().is_some_and(sounds_like_a_login))
        || (depth < 4
            && links.iter().any(|link| {
                let name = link.get("name").and_then(Node::str).unwrap_or_default();
                let namespace = link
                    .get("namespace")
                    .and_then(Node::str)
                    .unwrap_or_else(|| middleware.namespace_or_default());
                objects
                    .iter()
                    .find(|object| {
                        is_middleware(object)
                            && &*object.name == name
                            && object.namespace_or_default() == namespace
                    })
                    .map_or_else(
                        || sounds_like_a_login(name),
                        |link| asks(link, objects, depth + 1),
                    )
            }))
}

/// Whether something that was not read is called like a login.
#[must_use]
pub fn sounds_like_a_login(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [
        "auth",
        "oidc",
        "oauth",
        "sso",
        "login",
        "jwt",
        "keycloak",
        "authelia",
        "authentik",
    ]
    .iter()
    .any(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use super::of_annotations;

    fn login(annotations: &str, class: Option<&str>) -> Option<String> {
        let mut documents = text::yaml::parse(annotations).documents;
        let root = documents.pop().expect("one document").root;
        of_annotations(Some(&root), class, "x", &[]).map(|(name, _)| name)
    }

    #[test]
    fn a_controller_reads_its_own_annotations() {
        let nginx = "nginx.ingress.kubernetes.io/auth-url: https://sso\n";
        assert_eq!(login(nginx, Some("nginx")).as_deref(), Some("auth-url"));
        assert_eq!(login(nginx, None).as_deref(), Some("auth-url"));
        assert_eq!(login(nginx, Some("traefik")), None);
        let alb = "alb.ingress.kubernetes.io/auth-type: oidc\n";
        assert_eq!(login(alb, Some("alb")).as_deref(), Some("auth-type"));
        assert_eq!(
            login("alb.ingress.kubernetes.io/auth-type: none\n", None),
            None
        );
    }

    #[test]
    fn what_asks_nobody() {
        for annotations in [
            "nginx.ingress.kubernetes.io/auth-urls: https://sso\n",
            "nginx.ingress.kubernetes.io/auth-signin: https://sso\n",
            "nginx.ingress.kubernetes.io/auth-type: basic\n",
            "nginx.ingress.kubernetes.io/auth-secret: users\n",
            "nginx.ingress.kubernetes.io/auth-tls-secret: x/ca\nnginx.ingress.kubernetes.io/auth-tls-verify-client: optional\n",
            "traefik.ingress.kubernetes.io/router.middlewares: x-compress@kubernetescrd\n",
        ] {
            assert_eq!(login(annotations, None), None, "{annotations}");
        }
        let basic = "nginx.ingress.kubernetes.io/auth-type: basic\nnginx.ingress.kubernetes.io/auth-secret: users\n";
        assert_eq!(login(basic, Some("nginx")).as_deref(), Some("auth-secret"));
    }
}
