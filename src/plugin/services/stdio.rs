//! Would forward what the process prints. It prints nothing, and the host would log any of it as unexpected.

use tokio_util::sync::CancellationToken;
use tonic::codegen::BoxStream;
use tonic::{Request, Response, Status};

use super::super::proto::goplugin::StdioData;
use super::super::proto::goplugin::grpc_stdio_server::GrpcStdio;
use super::silent_until;

/// Keeps the host's stream open and empty.
pub(crate) struct Stdio {
    pub(crate) shutdown: CancellationToken,
}

#[tonic::async_trait]
impl GrpcStdio for Stdio {
    async fn stream_stdio(&self, _request: Request<()>) -> Result<Response<BoxStream<StdioData>>, Status> {
        Ok(Response::new(silent_until(self.shutdown.clone())))
    }
}
