# One job for all open stages: a package can have one running dynamic job at a time.

locals {
  open         = slice(var.stages, 0, min(var.open_stages, length(var.stages)))
  src_versions = distinct(flatten(local.open[*].src_versions))
}

resource "alicloud_iot_ota_dynamic_job" "this" {
  count = var.open_stages > 0 ? 1 : 0

  firmware_id     = var.firmware_id
  product_key     = var.product_key
  iot_instance_id = var.iot_instance_id
  src_versions    = local.src_versions

  maximum_per_minute = var.pace.maximum_per_minute
  timeout_in_minutes = var.pace.timeout_in_minutes
  retry_interval     = var.retry == null ? null : var.retry.interval_in_minutes
  retry_count        = var.retry == null ? null : var.retry.count
  need_confirm       = var.need_confirm

  tags = var.tags

  on_destroy         = var.on_destroy
  on_external_cancel = var.on_external_cancel

  lifecycle {
    precondition {
      condition     = var.open_stages <= length(var.stages)
      error_message = "open_stages is ${var.open_stages}, and there are ${length(var.stages)} stages. Add a stage, or open fewer."
    }
  }
}
