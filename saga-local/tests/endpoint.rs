//! The services at a URL through the AWS SDK: called there they do what the embedded ones do, which are served
//! for this test.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "services/story.rs"]
mod story;

use saga_local::endpoint::{Account, Credentials, Endpoint, EndpointError};
use saga_local::http::Server;
use saga_local::services::Embedded;

use story::{check, manifest, use_them};

fn account() -> Account {
    Account {
        region: "us-east-1".into(),
        credentials: Credentials::local(),
    }
}

#[tokio::test]
async fn the_sdk_reaches_them_over_http() {
    let manifest = manifest();
    let services = Embedded::of(&manifest);
    let server = Server::start(services.clone()).await.unwrap();
    let mut endpoint = Endpoint::at(&server.url(), &account()).unwrap();
    endpoint.provide(&manifest).await.unwrap();
    use_them(&endpoint).await;
    check(&services.contents());
    check(&endpoint.contents(&manifest).await.unwrap());
}

#[tokio::test]
async fn nobody_at_the_address_is_told_before_anything_runs() {
    let address = {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        listener.local_addr().unwrap()
    };
    let url = format!("http://{address}");
    let mut endpoint = Endpoint::at(&url, &account()).unwrap();
    let error = endpoint.provide(&manifest()).await.unwrap_err();
    let EndpointError::Unreachable {
        url: there,
        problem,
    } = error
    else {
        unreachable!("{error}")
    };
    assert_eq!(there, url);
    assert!(problem.contains("Connection refused"), "{problem}");
}
