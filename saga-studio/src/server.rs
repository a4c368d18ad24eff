//! The server of the page, on the loopback interface.

use std::convert::Infallible;
use std::sync::Arc;

use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use crate::guard::{Guard, Refusal};
use crate::reply::{self, Body};
use crate::route;
use crate::run::Runs;
use crate::shop::Shop;
use crate::workshop::Workshop;

/// The page, and what answers it.
pub struct Studio {
    listener: TcpListener,
    desk: Arc<Desk>,
}

/// What answers.
pub(crate) struct Desk {
    pub(crate) guard: Guard,
    pub(crate) shop: Shop,
    pub(crate) runs: Runs,
}

impl Studio {
    /// Takes a port of the loopback interface, a free one for 0, and begins to build the package.
    ///
    /// # Errors
    /// When the port is taken, or the system has no random bytes for the token.
    pub async fn open(workshop: Arc<dyn Workshop>, port: u16) -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", port)).await?;
        let guard = Guard::with_random_token(listener.local_addr()?.port())?;
        Ok(Self {
            listener,
            desk: Arc::new(Desk {
                guard,
                shop: Shop::open(workshop),
                runs: Runs::default(),
            }),
        })
    }

    /// The address to open, with the token of this start.
    #[must_use]
    pub fn url(&self) -> String {
        self.desk.guard.url()
    }

    /// Serves the page, as long as it is polled.
    pub async fn serve(&self) {
        loop {
            let Ok((stream, _)) = self.listener.accept().await else {
                // Out of descriptors, say: others close some.
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
                continue;
            };
            let desk = Arc::clone(&self.desk);
            tokio::spawn(async move {
                let service = service_fn(|request| answer(&desk, request));
                // A client that goes away has no one to be told.
                let _ = http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service)
                    .await;
            });
        }
    }

    /// Stops what runs, and waits for its processes to end.
    pub fn close(&self) {
        self.desk.runs.close();
    }
}

async fn answer(desk: &Desk, request: Request<Incoming>) -> Result<Response<Body>, Infallible> {
    let let_in = desk
        .guard
        .check(request.method(), request.uri().path(), request.headers());
    Ok(match let_in {
        Ok(()) => route::answer(desk, request).await,
        Err(refusal) => reply::text(status(refusal), format!("{refusal}\n")),
    })
}

fn status(refusal: Refusal) -> StatusCode {
    match refusal {
        Refusal::Host => StatusCode::MISDIRECTED_REQUEST,
        Refusal::Origin => StatusCode::FORBIDDEN,
        Refusal::Token => StatusCode::UNAUTHORIZED,
        Refusal::Method => StatusCode::METHOD_NOT_ALLOWED,
        Refusal::Kind => StatusCode::UNSUPPORTED_MEDIA_TYPE,
    }
}
