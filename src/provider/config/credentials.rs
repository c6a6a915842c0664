//! The places where the block and the environment name keys, and which of them counts.

use std::path::PathBuf;

use secrecy::SecretString;
use tf_provider::{Diagnostic, Diagnostics};

use super::argument::{Given, Reader};
use super::environment::{
    ACCESS_KEY, ACCOUNT_ID, CREDENTIALS_URI, ECS_ROLE_NAME, HOME, PROFILE, SECRET_KEY, SECURITY_TOKEN,
    SHARED_CREDENTIALS_FILE,
};
use super::model::ProviderConfig;
use crate::iot::credentials::{Chain, Choice, CredentialsUri, OidcRole, Place, Profile, ProfileFile, Recipe, Role};
use crate::iot::{Credentials, Endpoint};
use crate::provider::diagnostics::configuration as text;

/// The file of the command line, in the directory of the user.
const DEFAULT_FILE: &str = "~/.aliyun/config.json";

/// Everything that the arguments say of keys.
pub(super) struct CredentialArguments {
    access_key: Option<Given>,
    secret_key: Option<Given>,
    security_token: Option<Given>,
    profile: Option<Given>,
    file: PathBuf,
    ecs_role: Option<Given>,
    oidc: Option<OidcRole>,
    uri: Option<Given<CredentialsUri>>,
    role: Option<Role>,
    pub(super) account_id: Option<String>,
}

/// The place that counts, and what its profile says beside keys.
pub(super) struct Chosen {
    pub(super) recipe: Recipe,
    pub(super) sts: Option<Endpoint>,
    pub(super) sts_region: Option<String>,
}

impl ProviderConfig {
    pub(super) fn credentials(&self, reader: &mut Reader<'_>) -> CredentialArguments {
        let access_key = reader.text("access_key", &self.access_key, ACCESS_KEY);
        let secret_key = reader.text("secret_key", &self.secret_key, SECRET_KEY);
        // A token belongs to one key: that of the environment must not join a key from the block.
        let is_own_key = access_key.as_ref().is_some_and(|key| key.source.is_none());
        let variables = if is_own_key { &[] } else { SECURITY_TOKEN };
        let security_token = reader.text("security_token", &self.security_token, variables);
        let profile = reader.text("profile", &self.profile, PROFILE);
        let file = reader.text("shared_credentials_file", &self.shared_credentials_file, SHARED_CREDENTIALS_FILE);
        let file = file.map_or(DEFAULT_FILE.to_owned(), |it| it.value);
        let uri = reader.text("credentials_uri", &self.credentials_uri, CREDENTIALS_URI);
        let account_id = reader.text("account_id", &self.account_id, ACCOUNT_ID);
        CredentialArguments {
            access_key,
            secret_key,
            security_token,
            profile,
            file: in_home(&file, reader.variable(HOME)),
            ecs_role: reader.text("ecs_role_name", &self.ecs_role_name, ECS_ROLE_NAME),
            oidc: self.oidc_role(reader),
            uri: uri.and_then(|uri| reader.checked("credentials_uri", uri, |uri| CredentialsUri::parse(&uri))),
            role: self.role(reader),
            account_id: account_id.and_then(|id| reader.checked("account_id", id, account_id_of)).map(|it| it.value),
        }
    }
}

impl CredentialArguments {
    /// The region of the profile. The file has to be readable for that, but may be missing where keys are elsewhere.
    pub(super) fn region_of_profile(&self, reader: &mut Reader<'_>) -> Option<Given> {
        let profile = self.profile.as_ref()?;
        let region = ProfileFile::read(&self.file).and_then(|file| file.region(&profile.value));
        match region {
            Ok(region) => region.map(|value| Given { value, source: None }),
            Err(error) if ProfileFile::is_missing(&error) && self.access_key.is_some() => None,
            Err(error) => {
                reader.errors.push(text::profile_unusable(profile.source, &error));
                None
            }
        }
    }

    /// The place that counts, or errors why there is none.
    pub(super) fn choose(self, diagnostics: &mut Diagnostics) -> Option<Chosen> {
        let named = self.named();
        let (chain, profile) = self.offers().map_err(|error| diagnostics.errors.push(error)).ok()?;
        let Some(Choice { place, recipe, .. }) = chain.choose() else {
            let halves = [("access_key", ACCESS_KEY), ("secret_key", SECRET_KEY)];
            diagnostics.errors.push(text::missing_credentials(&halves));
            return None;
        };
        report(diagnostics, &named, place);
        let (sts, sts_region) = profile.map(|it| (it.sts, it.sts_region)).unwrap_or_default();
        Some(Chosen { recipe, sts, sts_region })
    }

    /// The places that have something.
    fn named(&self) -> Vec<Named> {
        let of = |place, argument, given: Option<Option<&'static str>>| {
            given.map(|variable| Named { place, argument, variable })
        };
        let of_key = self.access_key.as_ref().map(|key| key.source);
        let place = self.place_of_key();
        let all = [
            of(place, "access_key", of_key),
            of(Place::Profile, "profile", self.profile.as_ref().map(|it| it.source)),
            of(Place::EcsRole, "ecs_role_name", self.ecs_role.as_ref().map(|it| it.source)),
            of(Place::Oidc, "assume_role_with_oidc", self.oidc.as_ref().map(|_| None)),
            of(Place::Uri, "credentials_uri", self.uri.as_ref().map(|it| it.source)),
        ];
        all.into_iter().flatten().collect()
    }

    fn place_of_key(&self) -> Place {
        let is_own = self.access_key.as_ref().is_some_and(|key| key.source.is_none());
        if is_own { Place::Given } else { Place::Environment }
    }

    /// What each place has, and the profile. A profile that an AccessKey comes before is not read.
    fn offers(self) -> Result<(Chain, Option<Profile>), Diagnostic> {
        let place = self.place_of_key();
        let mut chain = Chain::default();
        let mut offer = |place, recipe: Option<Recipe>| recipe.into_iter().for_each(|it| chain.offer(place, it));
        let keys = keys(self.access_key, self.secret_key, self.security_token)?;
        let profile = self.profile.filter(|_| keys.is_none());
        let profile = profile.map(|given| {
            let profile = ProfileFile::read(&self.file).and_then(|file| file.profile(&given.value));
            profile.map_err(|error| text::profile_unusable(given.source, &error))
        });
        let profile = profile.transpose()?;
        offer(place, keys.map(Recipe::Keys));
        offer(Place::Profile, profile.as_ref().map(|it| it.recipe.clone()));
        offer(Place::EcsRole, self.ecs_role.map(|it| Recipe::EcsRole(Some(it.value))));
        offer(Place::Oidc, self.oidc.map(Recipe::Oidc));
        offer(Place::Uri, self.uri.map(|it| Recipe::Uri(it.value)));
        self.role.into_iter().for_each(|role| chain.assume(role));
        Ok((chain, profile))
    }
}

/// A place that has something, and the argument or the variable that says so.
struct Named {
    place: Place,
    argument: &'static str,
    variable: Option<&'static str>,
}

/// Says which place counts, and warns of each in the block that does not: what is written there was meant, while the
/// environment is full of things for others.
fn report(diagnostics: &mut Diagnostics, named: &[Named], place: Place) {
    let Some(winner) = named.iter().find(|it| it.place == place) else { return };
    let Named { argument, variable, .. } = winner;
    tracing::debug!(%place, argument, variable, "chose the source of credentials");
    let of_block = named.iter().filter(|it| it.place != place && it.variable.is_none());
    diagnostics.warnings.extend(of_block.map(|it| text::source_not_used(it.argument, argument, *variable)));
}

/// The keys of the block and the environment, whole or not at all; half of one is an error.
fn keys(
    access_key: Option<Given>,
    secret_key: Option<Given>,
    security_token: Option<Given>,
) -> Result<Option<Credentials>, Diagnostic> {
    match (access_key, secret_key) {
        (None, None) => Ok(None),
        (Some(access_key), Some(secret_key)) => {
            let token = security_token.map(|token| SecretString::from(token.value));
            Ok(Some(Credentials::new(access_key.value, SecretString::from(secret_key.value), token)))
        }
        (Some(_), None) => Err(text::missing_credentials(&[("secret_key", SECRET_KEY)])),
        (None, Some(_)) => Err(text::missing_credentials(&[("access_key", ACCESS_KEY)])),
    }
}

/// A path whose `~` is the directory of the user.
fn in_home(path: &str, home: Option<Given>) -> PathBuf {
    match (path.strip_prefix("~/").or(path.strip_prefix("~\\")), home) {
        (Some(rest), Some(home)) => PathBuf::from(home.value).join(rest),
        _ => PathBuf::from(path),
    }
}

fn account_id_of(text: String) -> Result<String, &'static str> {
    let is_id = text.bytes().all(|byte| byte.is_ascii_digit());
    if is_id { Ok(text) } else { Err("the ID of an account has digits only") }
}
