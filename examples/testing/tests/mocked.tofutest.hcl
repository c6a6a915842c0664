# What mocked.tftest.hcl has, for OpenTofu: it takes this file in place of that one. Its mocks stand in the block, and may
# name no value that the configuration has.

mock_provider "alicloud" {
  mock_resource "alicloud_iot_ota_dynamic_job" {
    defaults = {
      id            = "HvKuBpuk3rdk6E92CP00000000200"
      job_id        = "HvKuBpuk3rdk6E92CP00000000200"
      region        = "cn-shanghai"
      utc_create    = "2026-01-02T03:04:05.000Z"
      job_status    = "IN_PROGRESS"
      firmware_name = "firmware"
      dest_version  = "2.0.0"
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
    }
  }
}

run "the_pilot_is_small_and_behind_a_gate" {
  assert {
    condition     = alicloud_iot_ota_rollout_gate.pilot.job_id == alicloud_iot_ota_dynamic_job.pilot.job_id
    error_message = "The gate watches another job."
  }

  assert {
    condition     = output.failed_percentage == 2
    error_message = "The share of failures is not the one of the mocked gate."
  }
}
