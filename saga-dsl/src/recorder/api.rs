//! The APIs of a package. Their functions have names of their own: the bootstrap dispatches on them as on handlers'.

use super::Recorder;
use crate::api::{RegisteredApi, RegisteredAuthorizer};

impl Recorder {
    /// Registers an API, what it uses, and its authorizer.
    pub(crate) fn api(&mut self, api: RegisteredApi) {
        for register in &api.resources {
            register(self);
        }
        if let Some(authorizer) = api.authorizer {
            self.authorizer(authorizer());
        }
        let known = self.apis.iter().find(|known| known.name() == api.name());
        match known {
            Some(known) if known.of == api.of => {}
            Some(_) => self.clash(api.name(), api.entry.function.place.clone()),
            None => self.apis.push(api),
        }
    }

    fn authorizer(&mut self, authorizer: RegisteredAuthorizer) {
        for register in &authorizer.resources {
            register(self);
        }
        let name = authorizer.name().to_owned();
        match self.authorizers.get(&name) {
            Some(known) if known.of == authorizer.of => {}
            Some(_) => self.clash(&name, authorizer.entry.place.clone()),
            None => {
                self.authorizers.insert(name, authorizer);
            }
        }
    }
}
