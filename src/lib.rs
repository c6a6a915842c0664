//! Terraform and OpenTofu provider for firmware rollouts of Alibaba Cloud IoT Platform.
//!
//! Three rooms, and two arrows between them:
//!
//! - [`plugin`] is the wire. It knows nothing of Alibaba Cloud.
//! - [`iot`] is the cloud client. It knows nothing of Terraform.
//! - [`provider`] maps one to the other, and is the only one that knows both.

pub mod iot;
pub mod plugin;
pub mod provider;
