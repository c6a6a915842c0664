pub mod goplugin { tonic::include_proto!("plugin"); }
pub mod tfplugin6 { tonic::include_proto!("tfplugin6"); }
