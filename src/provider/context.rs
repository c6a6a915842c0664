//! What the provider block and the resources share: the settings in use.

use std::sync::{Arc, PoisonError, RwLock};

use tf_provider::{Diagnostic, Diagnostics};

use super::config::Settings;
use super::diagnostics::configuration as text;
use super::limits::Edition;
use crate::iot::Client;

/// The settings of one provider process, replaced whenever it is configured again.
#[derive(Debug, Clone, Default)]
pub(crate) struct Context {
    shared: Arc<RwLock<Shared>>,
}

#[derive(Debug, Default)]
struct Shared {
    /// From the last validation of the provider block: `terraform validate` never configures.
    validated_edition: Edition,
    settings: Option<Arc<Settings>>,
}

impl Context {
    pub(crate) fn validated(&self, edition: Edition) {
        self.shared.write().unwrap_or_else(PoisonError::into_inner).validated_edition = edition;
    }

    pub(crate) fn configured(&self, settings: Option<Settings>) {
        self.shared.write().unwrap_or_else(PoisonError::into_inner).settings = settings.map(Arc::new);
    }

    /// Which limits count, as far as the provider block is known.
    pub(crate) fn edition(&self) -> Edition {
        let shared = self.shared.read().unwrap_or_else(PoisonError::into_inner);
        shared.settings.as_ref().map_or(shared.validated_edition, |settings| settings.edition)
    }

    /// The settings in use, or an error that there are none.
    pub(crate) fn settings(&self, diagnostics: &mut Diagnostics) -> Option<Arc<Settings>> {
        let settings = self.shared.read().unwrap_or_else(PoisonError::into_inner).settings.clone();
        if settings.is_none() {
            diagnostics.errors.push(text::not_configured());
        }
        settings
    }
}

impl Settings {
    /// The client, or why there is none yet.
    pub(crate) fn client(&self) -> Result<&Client, Diagnostic> {
        self.client.as_ref().map_err(|unknown| text::not_known_yet(unknown))
    }
}
