//! Would arrange further connections. Terraform providers have no use for one.

use tokio_util::sync::CancellationToken;
use tonic::codegen::BoxStream;
use tonic::{Request, Response, Status, Streaming};

use super::super::proto::goplugin::ConnInfo;
use super::super::proto::goplugin::grpc_broker_server::GrpcBroker;
use super::silent_until;

/// Keeps the host's stream open and answers nothing to it.
pub(crate) struct Broker {
    pub(crate) shutdown: CancellationToken,
}

#[tonic::async_trait]
impl GrpcBroker for Broker {
    async fn start_stream(
        &self,
        _request: Request<Streaming<ConnInfo>>,
    ) -> Result<Response<BoxStream<ConnInfo>>, Status> {
        Ok(Response::new(silent_until(self.shutdown.clone())))
    }
}
