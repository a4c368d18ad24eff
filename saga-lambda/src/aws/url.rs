//! Where a service is.

use super::Service;

/// An endpoint of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Url {
    /// Whether it is spoken to over TLS.
    pub(super) tls: bool,
    /// The value of `Host`: with the port, where it is not the scheme's own.
    pub(super) host: String,
}

impl Url {
    /// The endpoint that the environment names, as AWS's SDKs read it, or the region's own.
    pub(super) fn of(
        service: Service,
        variable: impl Fn(&str) -> Option<String>,
        region: &str,
    ) -> Self {
        let stated = variable(service.variable()).or_else(|| variable("AWS_ENDPOINT_URL"));
        match stated {
            Some(url) => Self::parse(&url),
            None => Self::regional(service, region),
        }
    }

    fn parse(url: &str) -> Self {
        let (tls, rest) = match url.split_once("://") {
            Some((scheme, rest)) => (!scheme.eq_ignore_ascii_case("http"), rest),
            None => (true, url),
        };
        let host = rest.split('/').next().unwrap_or(rest);
        Self {
            tls,
            host: host.to_owned(),
        }
    }

    fn regional(service: Service, region: &str) -> Self {
        let suffix = if region.starts_with("cn-") {
            "amazonaws.com.cn"
        } else {
            "amazonaws.com"
        };
        Self {
            tls: true,
            host: format!("{}.{region}.{suffix}", service.name()),
        }
    }

    /// Where to connect to: host and port.
    pub(super) fn authority(&self) -> String {
        match self.port() {
            Some(_) => self.host.clone(),
            None => format!("{}:{}", self.host, if self.tls { 443 } else { 80 }),
        }
    }

    /// The name in the server's certificate.
    pub(super) fn server_name(&self) -> &str {
        let name = match self.port() {
            Some(port) => self.host.strip_suffix(port).unwrap_or(&self.host),
            None => &self.host,
        };
        name.trim_end_matches(':')
            .trim_start_matches('[')
            .trim_end_matches(']')
    }

    fn port(&self) -> Option<&str> {
        let (_, port) = self.host.rsplit_once(':')?;
        let digits = !port.is_empty() && port.chars().all(|digit| digit.is_ascii_digit());
        digits.then_some(port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(variables: &[(&str, &str)], region: &str, tls: bool, authority: &str, name: &str) {
        let variable = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let url = Url::of(Service::Dynamodb, variable, region);
        let found = (url.tls, url.authority(), url.server_name().to_owned());
        assert_eq!(found, (tls, authority.to_owned(), name.to_owned()));
    }

    #[test]
    fn the_regions_endpoint_is_used_unless_another_is_named() {
        let host = "dynamodb.eu-west-1.amazonaws.com";
        check(&[], "eu-west-1", true, &format!("{host}:443"), host);
        let host = "dynamodb.cn-north-1.amazonaws.com.cn";
        check(&[], "cn-north-1", true, &format!("{host}:443"), host);
        let all = ("AWS_ENDPOINT_URL", "http://127.0.0.1:4566");
        check(&[all], "eu-west-1", false, "127.0.0.1:4566", "127.0.0.1");
        let own = ("AWS_ENDPOINT_URL_DYNAMODB", "https://db.test/");
        check(&[all, own], "eu-west-1", true, "db.test:443", "db.test");
        let v6 = ("AWS_ENDPOINT_URL", "http://[::1]:8000");
        check(&[v6], "eu-west-1", false, "[::1]:8000", "::1");
    }
}
