//! System D, `examples/order-choreography`, by events and as state machines: through the routes of its three APIs, over HTTP.

use std::collections::BTreeMap;
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use saga_lambda::token::Tokens;
use serde_json::{Value, json};

use crate::table::Deployment;
use crate::tools::emulator::Emulator;
use crate::tools::http::{Request, Response};
use crate::tools::stack::Stack;
use crate::tools::trial::Stop;

pub const DEPLOYMENT: Deployment = Deployment {
    package: "order-choreography",
    target: "choreography",
    parameters: &["TokenAudience=shop"],
    builds: 3,
    functions: 16,
    input: |_| Value::Null,
    key: "orderId",
    shows: &[],
    secrets: &[],
    cases: &[],
    more: stories,
};

/// The same shop, its sagas as state machines.
pub const BY_MACHINES: Deployment = Deployment {
    target: "step-functions",
    builds: 1,
    functions: 14,
    ..DEPLOYMENT
};

/// The key that tokens are signed with, and where the authorizer finds it.
const KEY: &str = "a key of the tests, of 32 bytes at least";
const KEY_NAME: &str = "/order-choreography/token-key";

/// The longest that a saga takes here.
const PATIENCE: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(100);

/// An order, and what is to come of it.
struct Story {
    name: &'static str,
    product: &'static str,
    quantity: u32,
    card: &'static str,
    placement: &'static str,
    /// How many are left of the five in stock.
    left: u32,
    /// Whether the order and the payment stand.
    stands: bool,
}

const STORIES: [Story; 4] = [
    Story {
        name: "goods are ordered and paid",
        product: "lamp",
        quantity: 2,
        card: "tok_1",
        placement: "completed",
        left: 3,
        stands: true,
    },
    Story {
        name: "a refused card puts the goods back and deletes the order",
        product: "lamp",
        quantity: 2,
        card: "refused_1",
        placement: "compensated",
        left: 5,
        stands: false,
    },
    Story {
        name: "stock does not go below zero",
        product: "lamp",
        quantity: 6,
        card: "tok_1",
        placement: "compensated",
        left: 5,
        stands: false,
    },
    Story {
        name: "nobody has such a product",
        product: "unicorn",
        quantity: 1,
        card: "tok_1",
        placement: "compensated",
        left: 5,
        stands: false,
    },
];

fn stories(emulator: &Emulator, stack: &Stack<'_>) -> Result<Vec<String>, Stop> {
    stack.secret(KEY_NAME, KEY)?;
    let shop = Shop {
        emulator,
        outputs: stack.outputs()?,
        staff: token("boss", "staff")?,
        ann: token("ann", "")?,
    };
    let mut wrong = shop.who_may_do_what()?;
    for (story, second) in STORIES.iter().zip(10..) {
        let found = shop.tell(stack, story, &format!("2026-02-01T09:00:{second}Z"))?;
        wrong.extend(
            found
                .into_iter()
                .map(|found| format!("{}: {found}", story.name)),
        );
    }
    let messages = stack.messages()?.into_iter();
    let letters = messages.filter(|(_, bodies)| !bodies.is_empty());
    wrong.extend(letters.map(|(queue, bodies)| format!("{queue} has {bodies:?}")));
    Ok(wrong)
}

/// A token of somebody, for an hour from now on.
fn token(name: &str, scope: &str) -> Result<String, String> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let until = now.unwrap_or_default().as_secs() + 3_600;
    let tokens = Tokens::new(KEY.as_bytes(), "shop").map_err(|error| error.to_string())?;
    Ok(tokens.sign(&json!({ "sub": name, "aud": "shop", "scope": scope, "exp": until })))
}

struct Shop<'e> {
    emulator: &'e Emulator,
    outputs: BTreeMap<String, String>,
    staff: String,
    ann: String,
}

impl Shop<'_> {
    /// Sends a request to the API that has its path.
    fn send(
        &self,
        (method, path): (&str, &str),
        token: &str,
        body: &Value,
    ) -> Result<Response, Stop> {
        let api = match path.split(['/', '?']).nth(1) {
            Some("product") => "ProductApiUrl",
            Some("payment") => "PaymentApiUrl",
            _ => "OrderApiUrl",
        };
        // The emulator serves under a path of its own what AWS serves under a host.
        let url = self
            .outputs
            .get(api)
            .and_then(|url| url.strip_prefix("https://"));
        let id = url.and_then(|url| url.split('.').next());
        let id = id.ok_or_else(|| format!("no {api} among {:?}", self.outputs))?;
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let authorization = format!("Bearer {token}");
        Ok(self.emulator.send(&Request {
            method,
            target: &format!("/restapis/{id}/live/_user_request_{path}"),
            headers: &[
                ("Authorization", &authorization),
                ("Content-Type", "application/json"),
            ],
            body: &body,
        })?)
    }

    fn get(&self, path: &str, token: &str) -> Result<Value, Stop> {
        let response = self.send(("GET", path), token, &Value::Null)?;
        Ok(serde_json::from_str(&response.body).unwrap_or_default())
    }

    /// The authorizer and the routes, and what they answer whom.
    fn who_may_do_what(&self) -> Result<Vec<String>, Stop> {
        let (ann, staff) = (&*self.ann, &*self.staff);
        let product = json!({ "id": "lamp", "stock": 5, "price": 1_999 });
        let nothing = &Value::Null;
        let requests = [
            (("GET", "/product"), "no-token", nothing, 401),
            (("GET", "/product/lamp"), ann, nothing, 404),
            (("POST", "/product"), ann, &product, 403),
            (("POST", "/product"), staff, &product, 201),
            (("POST", "/product"), staff, &product, 409),
            (("GET", "/product/lamp"), ann, nothing, 200),
            (("PUT", "/product/lamp"), ann, &product, 403),
            (("DELETE", "/product/lamp"), ann, nothing, 403),
            (("GET", "/order"), ann, nothing, 403),
            (("GET", "/order"), staff, nothing, 200),
            (("GET", "/order/ann"), ann, nothing, 200),
            (("GET", "/order/bob"), ann, nothing, 403),
            (("GET", "/payment"), ann, nothing, 403),
            (("GET", "/payment/ann?limit=0"), ann, nothing, 400),
            (("POST", "/payment"), ann, nothing, 403),
        ];
        let mut wrong = Vec::new();
        for (request, token, body, status) in requests {
            let response = self.send(request, token, body)?;
            if response.status != status {
                wrong.push(format!("{request:?}: expected {status}, got {response:?}"));
            }
        }
        Ok(wrong)
    }

    /// Places an order, and takes it back where it stands.
    fn tell(&self, stack: &Stack<'_>, story: &Story, date: &str) -> Result<Vec<String>, Stop> {
        let wish = json!({
            "userName": "ann", "orderDate": date, "productId": story.product,
            "quantity": story.quantity, "cardToken": story.card,
        });
        let placed = self.send(("POST", "/order"), &self.ann, &wish)?;
        // Twice, as clients do that hear no answer.
        let again = self.send(("POST", "/order"), &self.ann, &wish)?;
        if (placed.status, &placed.body) != (202, &again.body) {
            return Ok(vec![format!(
                "expected 202 twice, got {placed:?} {again:?}"
            )]);
        }
        let Some(address) = placed.headers.get("location") else {
            return Ok(vec![format!("no address in {placed:?}")]);
        };
        let mut wrong = Vec::new();
        let mut expect = |what: &str, is: Value, should: Value| {
            if is != should {
                wrong.push(format!("{what} is {is}, not {should}"));
            }
        };
        let placement = self.settled(address, "placement")?;
        expect("its placement", placement, story.placement.into());
        expect("the stock", self.left()?, story.left.into());
        let standing = usize::from(story.stands);
        let rows = stack.rows()?;
        for table in ["OrdersTable", "PaymentsTable"] {
            expect(table, count(&rows, table), standing.into());
        }
        let cancel = format!("/order/ann?orderDate={date}");
        let cancelled = self.send(("DELETE", &cancel), &self.ann, &Value::Null)?;
        let status = if story.stands { 202 } else { 404 };
        expect("its cancellation", cancelled.status.into(), status.into());
        if story.stands {
            let cancellation = self.settled(address, "cancellation")?;
            expect("its cancellation", cancellation, "completed".into());
        }
        expect("the stock in the end", self.left()?, 5.into());
        let rows = stack.rows()?;
        for table in ["OrdersTable", "PaymentsTable", "HoldsTable"] {
            expect(table, count(&rows, table), 0.into());
        }
        Ok(wrong)
    }

    /// How a saga of an order has ended.
    fn settled(&self, address: &str, saga: &str) -> Result<Value, Stop> {
        let began = Instant::now();
        loop {
            let told = self.get(address, &self.ann)?[saga].take();
            if told != "running" || began.elapsed() > PATIENCE {
                return Ok(told);
            }
            thread::sleep(POLL);
        }
    }

    fn left(&self) -> Result<Value, Stop> {
        Ok(self.get("/product/lamp", &self.staff)?["stock"].take())
    }
}

fn count(rows: &BTreeMap<String, Vec<Value>>, table: &str) -> Value {
    rows.get(table).map_or(0, Vec::len).into()
}
