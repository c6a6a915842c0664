# What the provider and the service would fill in, for `mock_provider`. Without these, Terraform makes values up that no
# service would give, such as a random text as a time.

mock_resource "alicloud_iot_ota_dynamic_job" {
  defaults = {
    id            = "HvKuBpuk3rdk6E92CP00000000200"
    job_id        = "HvKuBpuk3rdk6E92CP00000000200"
    region        = "cn-shanghai"
    utc_create    = "2026-01-02T03:04:05.000Z"
    job_status    = "IN_PROGRESS"
    firmware_name = "firmware"
    dest_version  = "2.0.0"

    iot_instance_id    = ""
    maximum_per_minute = 1000
    overwrite_mode     = 1
    dynamic_mode       = 1
    need_push          = true
    need_confirm       = false
    download_protocol  = "HTTPS"
    multi_module_mode  = false
    on_destroy         = "cancel_strategy"
    on_external_cancel = "recreate"
  }
}

mock_resource "alicloud_iot_ota_rollout_gate" {
  defaults = {
    id        = "HvKuBpuk3rdk6E92CP00000000200"
    region    = "cn-shanghai"
    verdict   = "passed"
    passed_at = "2026-01-02T04:04:05Z"

    task_counts = {
      CONFIRM     = 0
      QUEUED      = 0
      NOTIFIED    = 0
      IN_PROGRESS = 0
      CANCELED    = 0
      SUCCEEDED   = 980
      FAILED      = 20
    }

    iot_instance_id = ""
    poll_interval   = "30s"
    on_breach       = "fail"
  }
}
