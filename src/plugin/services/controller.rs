//! Ends the process when the host asks for it.

use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status};

use super::super::proto::goplugin::Empty;
use super::super::proto::goplugin::grpc_controller_server::GrpcController;

/// Turns the host's request into the server's shutdown.
pub(crate) struct Controller {
    pub(crate) shutdown: CancellationToken,
}

#[tonic::async_trait]
impl GrpcController for Controller {
    async fn shutdown(&self, _request: Request<Empty>) -> Result<Response<Empty>, Status> {
        tracing::debug!("the host asks for shutdown");
        self.shutdown.cancel();
        Ok(Response::new(Empty {}))
    }
}
