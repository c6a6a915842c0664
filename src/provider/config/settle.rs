//! All arguments together, with the environment: they become settings, or errors.

use std::sync::LazyLock;

use tf_provider::value::Value;
use tf_provider::{Diagnostic, Diagnostics};

use super::argument::{Given, Reader};
use super::credentials::{Chosen, CredentialArguments};
use super::environment::{PREFLIGHT, REFUSE_LIVE, REGION, SKIP_REGION_VALIDATION};
use super::model::ProviderConfig;
use super::network::Network;
use super::settings::{Preflight, Settings};
use crate::iot::credentials::{Environment, Kitchen, Recipe};
use crate::iot::{Client, ClientOptions, Endpoint, Quotas, REGIONS, RetryPolicy};
use crate::provider::diagnostics::configuration as text;

/// For the whole process: whenever it is configured again, the account stays, and the service goes on counting.
static QUOTAS: LazyLock<Quotas> = LazyLock::new(Quotas::documented);

/// Where a user is who names no region.
pub(super) const DEFAULT_REGION: &str = "cn-shanghai";

impl ProviderConfig {
    /// Settles what the arguments leave open, with `variable` as the environment. Nobody is asked: what can be refused
    /// without that is refused now, and keys are got when the first request needs them.
    pub(crate) fn settle(
        self,
        diagnostics: &mut Diagnostics,
        user_agent: String,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Option<Settings> {
        let mut reader = Reader::new(variable);
        let network = self.network(&mut reader);
        let credentials = self.credentials(&mut reader);
        let preflight = reader.text("preflight", &self.preflight, PREFLIGHT);
        let preflight = preflight.map_or(Some(Preflight::default()), |given| preflight_of(&mut reader, given));
        // Unknown counts as the default, which is the strictest.
        reader.unknown.retain(|argument| *argument != "preflight");
        let refuse_live = reader.flag("refuse_live", &self.refuse_live, REFUSE_LIVE);
        let region = self.settled_region(&mut reader, &credentials);
        let Reader { unknown, errors, .. } = reader;
        let has_failed = !errors.is_empty();
        diagnostics.errors.extend(errors);
        let mut settings = Settings {
            region: region.as_ref().map_or(Value::Unknown, |region| Value::Value(region.value.clone())),
            edition: self.edition(),
            iot_instance_id: match self.iot_instance_id {
                Value::Value(instance) if instance.is_empty() => Value::Null,
                instance => instance,
            },
            preflight: preflight.unwrap_or_default(),
            client: Err(Vec::new()),
        };
        if has_failed {
            return None;
        }
        settings.client = match region {
            Some(region) if unknown.is_empty() => {
                let arguments = Arguments { network, credentials, region, refuse_live, user_agent };
                Ok(arguments.client(diagnostics, variable)?)
            }
            _ => Err(unknown),
        };
        Some(settings)
    }

    /// The region, unless it is not known yet or is none.
    fn settled_region(&self, reader: &mut Reader<'_>, credentials: &CredentialArguments) -> Option<Given> {
        let skip = reader.flag("skip_region_validation", &self.skip_region_validation, SKIP_REGION_VALIDATION);
        let given = reader.text("region", &self.region, REGION);
        let depends_on = [&self.region, &self.profile, &self.shared_credentials_file];
        if given.is_none() && depends_on.into_iter().any(Value::is_unknown) {
            return None;
        }
        let given = given.or_else(|| credentials.region_of_profile(reader));
        let given = given.unwrap_or_else(|| Given { value: DEFAULT_REGION.to_owned(), source: None });
        let may_be_any = skip.is_some_and(|skip| skip.value) || self.skip_region_validation.is_unknown();
        let is_known = may_be_any || REGIONS.contains(&given.value.as_str());
        match Endpoint::for_region(&given.value) {
            Err(error) => reader.errors.push(text::invalid_region(given.source, &given.value, &error)),
            Ok(_) if !is_known => reader.errors.push(text::unknown_region(given.source, &given.value)),
            Ok(_) => return Some(given),
        }
        None
    }
}

fn preflight_of(reader: &mut Reader<'_>, given: Given) -> Option<Preflight> {
    let preflight = Preflight::named(&given.value);
    if preflight.is_none() {
        reader.errors.push(text::invalid_preflight(given.source, &given.value));
    }
    preflight
}

/// What a client is made of.
struct Arguments {
    network: Network,
    credentials: CredentialArguments,
    region: Given,
    refuse_live: Option<Given<bool>>,
    user_agent: String,
}

impl Arguments {
    fn client(self, diagnostics: &mut Diagnostics, variable: &dyn Fn(&str) -> Option<String>) -> Option<Client> {
        let Self { network, credentials, region, refuse_live, user_agent } = self;
        let account_id = credentials.account_id.clone();
        let Chosen { recipe, sts, sts_region } = credentials.choose(diagnostics)?;
        let kitchen = Kitchen {
            region: region.value.clone(),
            sts: network.sts.or(sts),
            sts_region,
            metadata: network.metadata,
            account_id,
            environment: Environment::read(variable),
            user_agent: network.source.map_or(user_agent.clone(), |source| format!("{user_agent} {source}")),
            timeouts: network.timeouts,
        };
        let client = client(kitchen, recipe, network.iot, network.retry, &region, refuse_live);
        client.map_err(|error| diagnostics.errors.push(error)).ok()
    }
}

fn client(
    kitchen: Kitchen,
    recipe: Recipe,
    endpoint: Option<Endpoint>,
    retry: RetryPolicy,
    region: &Given,
    refuse_live: Option<Given<bool>>,
) -> Result<Client, Diagnostic> {
    let endpoint = endpoint.map_or_else(|| Endpoint::for_region(&region.value), Ok);
    let endpoint = endpoint.map_err(|error| text::invalid_region(region.source, &region.value, &error))?;
    if let Some(Given { value: true, source }) = refuse_live
        && let Some((argument, address)) = live(&endpoint, &recipe, &kitchen)?
    {
        return Err(text::live_endpoint(source, argument, &address));
    }
    let credentials = recipe.prepare(&kitchen).map_err(|error| text::source_unusable(&error))?;
    let Kitchen { region, user_agent, timeouts, .. } = kitchen;
    let options = ClientOptions {
        timeouts,
        retry,
        quotas: QUOTAS.clone(),
        ..ClientOptions::new(region, endpoint, credentials, user_agent)
    };
    Client::new(options).map_err(|error| text::no_client(&error))
}

/// The first address that would be used and is not on this machine, with the argument that could set another.
fn live(
    iot: &Endpoint,
    recipe: &Recipe,
    kitchen: &Kitchen,
) -> Result<Option<(Option<&'static str>, String)>, Diagnostic> {
    if !iot.is_loopback() {
        return Ok(Some((Some("endpoints.iot"), iot.to_string())));
    }
    if recipe.asks_sts() || kitchen.account_id.is_some() {
        let sts = kitchen.sts_endpoint().map_err(|error| text::source_unusable(&error))?;
        if !sts.is_loopback() {
            return Ok(Some((Some("endpoints.sts"), sts.to_string())));
        }
    }
    Ok(recipe.leaves_the_machine(kitchen).map(|address| (None, address)))
}
