//! The places where keys can be named, and which of them counts.

use std::fmt;

use super::recipe::Recipe;
use super::role::Role;

/// A place where keys can be named, in the order in which they count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Place {
    /// A key and its secret were given.
    Given,
    /// They are in the environment.
    Environment,
    /// A profile of the command line's file.
    Profile,
    /// The role of the ECS instance.
    EcsRole,
    /// A role that is assumed with a token.
    Oidc,
    /// A URI.
    Uri,
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Given => "given keys",
            Self::Environment => "keys of the environment",
            Self::Profile => "a profile",
            Self::EcsRole => "the role of the ECS instance",
            Self::Oidc => "a role assumed with an OIDC token",
            Self::Uri => "a credentials URI",
        })
    }
}

/// What there is in each place, and a role to assume with whatever is found.
///
/// ```
/// # use terraform_provider_alicloud_iot::iot::credentials::{Chain, Place, Recipe};
/// # use terraform_provider_alicloud_iot::iot::Credentials;
/// let keys = Credentials::new("LTAI5tExample".to_owned(), "secret".into(), None);
/// let mut chain = Chain::default();
/// chain.offer(Place::EcsRole, Recipe::EcsRole(None));
/// chain.offer(Place::Environment, Recipe::Keys(keys));
/// let choice = chain.choose().expect("two places have keys");
/// assert_eq!((choice.place, choice.passed_over), (Place::Environment, vec![Place::EcsRole]));
/// ```
#[derive(Debug, Default)]
pub struct Chain {
    offers: Vec<(Place, Recipe)>,
    role: Option<Role>,
}

/// The place that counts.
#[derive(Debug)]
pub struct Choice {
    /// Which it is.
    pub place: Place,
    /// How keys are got.
    pub recipe: Recipe,
    /// The places that would have keys as well.
    pub passed_over: Vec<Place>,
}

impl Chain {
    /// Adds what a place has.
    pub fn offer(&mut self, place: Place, recipe: Recipe) {
        self.offers.push((place, recipe));
    }

    /// Has a role assumed with the keys of whichever place counts. It stands in for the role of a profile that assumes
    /// one with keys of its own, and comes on top of everything else.
    pub fn assume(&mut self, role: Role) {
        self.role = Some(role);
    }

    /// The first place that has keys; none if no place has.
    pub fn choose(mut self) -> Option<Choice> {
        self.offers.sort_by_key(|(place, _)| *place);
        let mut offers = self.offers.into_iter();
        let (place, recipe) = offers.next()?;
        let recipe = match (self.role, recipe) {
            (None, recipe) => recipe,
            (Some(role), Recipe::AssumeRole { with, .. }) if matches!(*with, Recipe::Keys(_)) => {
                Recipe::AssumeRole { with, role }
            }
            (Some(role), recipe) => Recipe::AssumeRole { with: Box::new(recipe), role },
        };
        Some(Choice { place, recipe, passed_over: offers.map(|(place, _)| place).collect() })
    }
}
