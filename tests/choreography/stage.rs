//! The stack of the example, here.

use std::time::Duration;

use saga_compiler::{Architecture, Definitions, Options};
use saga_local::http::Server;
use saga_local::lambda::{Answer, Function, Functions};
use saga_local::services::Embedded;
use saga_manifest::Manifest;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::ask;
use crate::build;
use crate::cloud::Cloud;
use crate::gateway::{Gateway, Way, allows};
use crate::rules::Rules;

/// The key that tokens are signed with.
pub const KEY: &str = "0123456789abcdef0123456789abcdef";

/// The functions that are no handler's.
const OWN: [&str; 2] = ["SagaIntake", "SagaPublisher"];

/// The functions of the stack, its tables and its bus.
pub struct Stage {
    services: Embedded,
    _server: Server,
    cloud: Cloud,
    functions: Functions,
    rules: Rules,
    gateway: Gateway,
    /// The last revision of each saga's record that was published.
    published: std::collections::BTreeMap<String, u64>,
    heard: usize,
    _folder: TempDir,
}

impl Stage {
    pub async fn set() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let executable = build::executable("order-choreography", "");
        let manifest = ask::manifest(&executable, folder.path());
        let options = Options {
            package: "order-choreography".into(),
            code_uri: ".".into(),
            binary: "order-choreography".into(),
            architecture: Architecture::default(),
            definitions: Definitions::default(),
        };
        let template = saga_compiler::choreograph(&manifest, &options)
            .unwrap()
            .template;
        let services = Embedded::of(&manifest);
        let server = Server::start(services.clone()).await.unwrap();
        let cloud = Cloud::start();
        let environment = environment(&manifest, &server, &cloud);
        cloud.with(|kept| {
            let key = ("/order-choreography/token-key".to_owned(), KEY.to_owned());
            kept.parameters.extend([key]);
        });
        let apis = manifest.apis.iter().map(|api| &api.function);
        let functions = manifest.handlers.iter().chain(&manifest.authorizers);
        let handlers = functions.chain(apis).map(|handler| handler.name.clone());
        let names = handlers.chain(OWN.map(str::to_owned));
        let functions = names.map(|name| Function {
            handler: name.clone(),
            name,
            timeout: Duration::from_secs(30),
            memory_mib: 256,
            environment: environment.clone(),
        });
        let (functions, mut logs) = Functions::new(executable, functions.collect());
        tokio::spawn(async move { while logs.recv().await.is_some() {} });
        Self {
            services,
            _server: server,
            cloud,
            functions,
            rules: Rules::of(&template),
            gateway: Gateway::of(&template),
            published: std::collections::BTreeMap::new(),
            heard: 0,
            _folder: folder,
        }
    }

    /// Puts a product into stock.
    pub fn stock(&self, product: &str, stock: u32, price: u32) {
        let item = json!({
            "id": { "S": product },
            "stock": { "N": stock.to_string() },
            "price": { "N": price.to_string() },
            "version": { "N": "1" },
            "isWithdrawn": { "BOOL": false },
        });
        let arguments = json!({ "TableName": "Inventory", "Item": item });
        let put = self
            .services
            .integrate("dynamodb", "putItem", &arguments, 0);
        put.unwrap();
    }

    /// Sends a request; gives status, headers and body.
    pub async fn send(
        &self,
        (method, target): (&str, &str),
        token: &str,
        body: &Value,
    ) -> (u64, Value, Value) {
        let (authorizer, question, function, mut event) =
            match self.gateway.way(method, target, token, body) {
                Way::Answered(answer) => {
                    let status = answer["statusCode"].to_string();
                    let status = status.trim_matches('"').parse().unwrap();
                    return (status, answer["responseParameters"].clone(), Value::Null);
                }
                Way::Asked {
                    authorizer,
                    question,
                    function,
                    event,
                } => (authorizer, question, function, event),
            };
        let asked = self
            .functions
            .invoke(&authorizer, &question, Answer::Returned)
            .await;
        let policy = match asked {
            Ok(policy) => policy,
            Err(refused) => {
                assert!(
                    format!("{refused:?}").contains("Unauthorized"),
                    "{refused:?}"
                );
                return (401, Value::Null, Value::Null);
            }
        };
        if !allows(&policy, &question) {
            return (403, Value::Null, Value::Null);
        }
        let mut caller = policy["context"].as_object().unwrap().clone();
        caller.insert("principalId".to_owned(), policy["principalId"].clone());
        event["requestContext"] = json!({ "authorizer": caller });
        let answer = self.invoke(&function, &event).await;
        let body = answer["body"].as_str().unwrap();
        (
            answer["statusCode"].as_u64().unwrap(),
            answer["headers"].clone(),
            serde_json::from_str(body).unwrap_or_default(),
        )
    }

    /// Puts an event on the bus, as `aws events put-events` does with an entry.
    pub async fn put(&mut self, entry: &Value) {
        let text = |name: &str| entry[name].as_str().unwrap();
        let detail = serde_json::from_str(text("Detail")).unwrap();
        self.deliver(text("Source"), text("DetailType"), &detail)
            .await;
    }

    /// The details of what was published, in order.
    pub fn details(&self) -> Vec<Value> {
        let entries = self.cloud.with(|kept| kept.entries.clone());
        let details = entries.iter();
        details
            .map(|entry| serde_json::from_str(entry["Detail"].as_str().unwrap()).unwrap())
            .collect()
    }

    /// Asks for an order, as a shop that publishes to the bus does.
    pub async fn request(&mut self, id: &str, input: &Value) {
        let detail = json!({ "id": id, "data": input });
        self.deliver("com.shop", "OrderPlacementRequested", &detail)
            .await;
    }

    /// Delivers everything, each event twice, until nothing comes any more.
    pub async fn run(&mut self) {
        while self.step().await {}
    }

    /// Delivers what was published last, each event twice. False if there is nothing.
    pub async fn step(&mut self) -> bool {
        self.publish().await;
        let heard = self.heard;
        let entries = self.cloud.with(|kept| kept.entries[heard..].to_vec());
        for entry in &entries {
            self.heard += 1;
            let text = |name: &str| entry[name].as_str().unwrap().to_owned();
            let detail = serde_json::from_str(&text("Detail")).unwrap();
            for _ in 0..2 {
                let (source, kind) = (text("Source"), text("DetailType"));
                self.deliver(&source, &kind, &detail).await;
                self.publish().await;
            }
        }
        !entries.is_empty()
    }

    /// Where a saga is.
    pub async fn view(&self, saga: &str) -> Value {
        self.invoke("SagaIntake", &json!({ "view": saga })).await
    }

    /// The detail types that were published.
    pub fn told(&self) -> Vec<String> {
        let entries = self.cloud.with(|kept| kept.entries.clone());
        let kinds = entries
            .iter()
            .map(|entry| entry["DetailType"].as_str().unwrap());
        kinds.map(str::to_owned).collect()
    }

    /// The rows of a table.
    pub fn rows(&self, table: &str) -> Vec<Value> {
        self.services.contents().tables[table].clone()
    }

    /// How many of a product are in stock.
    pub fn left(&self, product: &str) -> u64 {
        let rows = self.rows("Inventory");
        let row = rows.iter().find(|row| row["id"] == product).unwrap();
        row["stock"].as_u64().unwrap()
    }

    /// The bus: each rule's function hears an event that its pattern takes.
    async fn deliver(&self, source: &str, kind: &str, detail: &Value) {
        let envelope = json!({
            "version": "0", "id": "bus-1", "source": source, "detail-type": kind, "detail": detail,
        });
        let targets = self.rules.targets(&envelope);
        // Endings are for others to hear: nothing of the saga follows.
        let action = detail["action"].as_str().unwrap_or("start");
        let is_over = matches!(action, "completed" | "compensated" | "parked");
        assert_eq!(
            targets.len(),
            usize::from(!is_over),
            "{envelope} leads to {targets:?}"
        );
        for target in targets {
            self.invoke(&target, &envelope).await;
        }
    }

    /// The table's stream: each new revision of a record is published once.
    async fn publish(&mut self) {
        for row in self.services.fences() {
            let saga = row["saga"].as_str().unwrap().to_owned();
            let revision = row["rev"].as_u64().unwrap();
            let last = self.published.get(&saga).copied().unwrap_or_default();
            if row["instance"] != "#record" || revision == last {
                continue;
            }
            assert_eq!(revision, last + 1, "a revision of {saga} was not seen");
            self.published.insert(saga, revision);
            let mut image = json!({
                "saga": { "S": row["saga"] },
                "instance": { "S": row["instance"] },
                "outbox": { "S": row["outbox"] },
            });
            if let Some(expires) = row["expires"].as_u64() {
                image["expires"] = json!({ "N": expires.to_string() });
            }
            let change = json!({ "dynamodb": { "SequenceNumber": "1", "NewImage": image } });
            let said = self
                .invoke("SagaPublisher", &json!({ "Records": [change] }))
                .await;
            assert_eq!(said["batchItemFailures"], json!([]));
        }
    }

    async fn invoke(&self, function: &str, event: &Value) -> Value {
        let answer = self
            .functions
            .invoke(function, event, Answer::Returned)
            .await;
        answer.unwrap_or_else(|error| panic!("{function}: {error:?}: {event}"))
    }
}

fn environment(manifest: &Manifest, server: &Server, cloud: &Cloud) -> Vec<(String, String)> {
    let tables = manifest.tables.iter();
    let tables = tables.map(|table| (format!("SAGA_TABLE_{}", table.name), table.name.clone()));
    let cloud = cloud.variables().into_iter();
    tables
        .chain(server.environment())
        .chain(cloud.map(|(name, value)| (name.to_owned(), value)))
        .chain(
            [
                ("SAGA_FENCE_TABLE", "FenceTable"),
                ("TOKEN_AUDIENCE", "shop"),
                ("TOKEN_KEY", "/order-choreography/token-key"),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned())),
        )
        .collect()
}
